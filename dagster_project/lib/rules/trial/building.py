"""One trial: a scratch folder, the changed rules beside the present ones, one build of what hangs on them.

DATA is only read, under its lock, so that no run changes the warehouse meanwhile. What the two states are
compared by stands in comparing.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dagster_project.lib import dbt_project, due, lock, seed_rows
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.rules import changes, effect, kinds, overlay
from dagster_project.lib.rules.changes import Change
from dagster_project.lib.rules.trial import scratch, selecting
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import duckdb

Say = Callable[[str], None]


@dataclass(frozen=True)
class Trial:
    """Both states side by side: the scratch warehouse (after) with the present one attached (before)."""

    connection: duckdb.DuckDBPyConnection
    as_of: str
    built: tuple[str, ...]
    """Models that were built anew."""
    seconds: dict[str, float]


@contextmanager
def built(
    settings: Settings,
    change: Change,
    *,
    before: Callable[[duckdb.DuckDBPyConnection, list[str]], None],
    say: Say,
    wait_seconds: float | None = None,
) -> Iterator[Trial]:
    """The trial of a change, as long as the block lasts; `before` is called with the present state alone,
    and the models that are to be built.

    Raises LuyueError where no finished run stands, or approved changes wait for one; LockBusyError where a
    run holds the folder for longer than `wait_seconds`.
    """
    with (
        lock.hold(settings.lock_file, wait_seconds=wait_seconds, say=say),
        TemporaryDirectory(prefix="luyue-try-") as folder,
    ):
        as_of = _standing(settings)
        apart = replace(settings, data=Path(folder), full_refresh=False)
        seconds: dict[str, float] = {}
        with _timed("prepare", seconds, say):
            overlay.write(settings, [*changes.approved(settings), change], overlay.folder(apart))
            kind = kinds.kind(change.kind)
            manifest = dbt_project.prepare_manifest(apart)
            names = selecting.on_the_way(manifest, kind.name, kind.moves, kind.unmoved)
            with scratch.opened(apart.warehouse, settings.warehouse) as connection:
                scratch.mirror(connection)
                before(connection, names)
                scratch.release(connection, names)
        with _timed("build", seconds, say):
            say(f"{len(names)} models hang on {kind.name}")
            _dbt(settings, apart, names, as_of)
        with scratch.opened(apart.warehouse, settings.warehouse) as connection:
            yield Trial(connection, as_of, tuple(names), seconds)


def _standing(settings: Settings) -> str:
    """The cut-off that the warehouse stands at."""
    state = due.read_state(settings)
    if state is None or not state.complete or state.as_of is None or not settings.warehouse.exists():
        raise LuyueError(f"{settings.data}: there is no finished run to try rules on; luyue run")
    if not scratch.basis(settings.warehouse).startswith(f"{dbt_project.rules_fingerprint(settings)} "):
        raise LuyueError("models or packaged rules changed since the last run; luyue run, then try")
    if _in_force(settings) != _taken(settings):
        raise LuyueError("approved changes of rules wait for a run; luyue run, then try")
    return state.as_of


def _in_force(settings: Settings) -> dict[str, str]:
    told = changes.in_force(settings)
    return {
        name: effect.text_of(
            effect.effective(overlay.present_rows(settings, kind), [one for one in told if one.kind == name]),
            kind,
        )
        for name, kind in kinds.all_kinds().items()
        if any(one.kind == name for one in told)
    }


def _taken(settings: Settings) -> dict[str, str]:
    files = overlay.folder(settings).glob("*.csv")
    return {path.stem: path.read_text(encoding="utf-8") for path in files if path.stem != overlay.MARKS}


def _dbt(settings: Settings, apart: Settings, names: list[str], as_of: str) -> None:
    environment = {
        "LUYUE_LAKE": "",
        "LUYUE_PRESENT": str(settings.warehouse),
        "LUYUE_SEED_ROWS": ":".join(str(path.absolute()) for path in seed_rows.folders(settings)),
        "LUYUE_RULES": overlay.in_use(apart),
        "LUYUE_AS_OF": as_of,
        "DBT_LOG_LEVEL_FILE": "none",
    }
    arguments = ["--quiet", "build", "--no-write-json", "--resource-type", "model", "--resource-type", "seed"]
    dbt_project.call(apart, [*arguments, "--select", *names], environment)


@contextmanager
def _timed(stage: str, seconds: dict[str, float], say: Say) -> Iterator[None]:
    started = time.monotonic()
    yield
    seconds[stage] = round(time.monotonic() - started, 3)
    say(f"{stage:<10} done in {seconds[stage]:.1f} s")
