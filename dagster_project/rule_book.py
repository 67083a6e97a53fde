"""What the page of rules does beyond reading marts: the door from app/ to rules, their trial and approval.

Whether somebody may do something is asked before. A trial runs in a process of its own, as `luyue rules try`
does, so that its build does not slow the pages.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings
from dagster_project.stewarding import told_by

__all__ = ["LuyueError", "approve", "kinds", "listed", "present", "tried"]

TRIED_WITHIN_SECONDS = 600
"""How long a trial may take: it builds what the rule touches anew."""


def kinds() -> dict[str, dict[str, str]]:
    """Kind of rule → its title by language."""
    from dagster_project.lib.rules import kinds as known

    return {name: {"zh": kind.title_zh, "en": kind.title_en} for name, kind in known.all_kinds().items()}


def listed(settings: Settings, day: date) -> list[dict[str, Any]]:
    """Each kind with its rows of a day and its changes."""
    from dagster_project.lib.rules import approving

    return approving.listed(settings, day)


def present(settings: Settings, kind: str) -> str:
    """All rules of a kind as a rule file: what a change begins with."""
    from dagster_project.lib.rules import approving

    return approving.shown(settings, kind)


def tried(settings: Settings, kind: str, content: bytes, days: int) -> dict[str, Any]:
    """What `luyue rules try` tells of a rule file on the last days. LuyueError where it has a fault."""
    with _file(kind, content) as path:
        told: dict[str, Any] = told_by(
            [
                *("rules", "try", str(path), "--kind", kind, "--days", str(days)),
                *("--data", str(settings.data), "--json", "--wait-seconds", "0"),
            ],
            TRIED_WITHIN_SECONDS,
        )
    return told


def approve(
    settings: Settings, kind: str, content: bytes, *, valid_from: date, reason: str, by: str, role: str
) -> dict[str, Any]:
    """Keeps the approval of a rule file from a day on; what it changes. LuyueError."""
    from dagster_project.lib.rules import approving

    with _file(kind, content) as path:
        return approving.approve(
            settings, path, valid_from=valid_from, reason=reason, kind=kind, by=by, role=role
        )


@contextmanager
def _file(kind: str, content: bytes) -> Iterator[Path]:
    """The file that was given, under its kind's name, as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="luyue-rule-") as folder:
        path = Path(folder) / f"{kind}.csv"
        path.write_bytes(content)
        yield path
