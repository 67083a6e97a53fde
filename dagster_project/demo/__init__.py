"""The simulated merchant: exports in the platforms' real formats, and the truth beside them.

Public: `generate`. Nothing here may be imported by the pipeline; heavy imports wait for the first call.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

__all__ = ["generate"]


def generate(
    out: Path,
    orders: int = 12_000,
    days: int = 60,
    seed: int = 7,
    start: date = date(2026, 1, 1),
    *,
    progress: Callable[[str], None] | None = None,
) -> dict[str, int | str]:
    """Write the exports to `out`/landing and the truth to `out`/truth; the same arguments give the same
    bytes.

    `orders` counts channel orders, `days` calendar days from `start`. `progress` is called with the name of
    each step. Returns what meta.json says: files, orders, merge groups, as_of. Raises ValueError where the
    arguments make no world, FileExistsError where `out`/landing already holds files.
    """
    from dagster_project.demo.building import build
    from dagster_project.demo.clock import Calendar

    return build(Path(out), orders, Calendar(start, days, seed), progress or (lambda step: None))
