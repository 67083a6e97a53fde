"""`luyue rules try`: a rule file on the last days of history, as data for a page, a file or a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib import due
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.rules import approving, kinds, references
from dagster_project.lib.rules.trial import building, comparing
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import duckdb

DAYS = 30
"""Days of history that a change is tried on where nothing else is asked for."""


def attempt(
    settings: Settings,
    path: Path,
    *,
    kind: str | None = None,
    days: int = DAYS,
    valid_from: date | None = None,
    say: Callable[[str], None],
    wait_seconds: float | None = None,
) -> dict[str, Any]:
    """What a file's rules would have done on the last `days` days up to the cut-off, had they held from
    `valid_from` (by default the first of these days) on. Nothing in DATA changes.

    Raises LuyueError where the file has a fault or changes nothing, or no finished run stands.
    """
    as_of = _as_of(settings)
    last = as_of.date()
    first = last - timedelta(days=days - 1)
    change, detail = approving.proposed(
        settings, path, kind, valid_from or first, known=references.all_references(settings)
    )
    of_kind = kinds.kind(change.kind)

    def before(connection: duckdb.DuckDBPyConnection, names: list[str]) -> None:
        comparing.keep_before(connection, names, first, last)

    with building.built(settings, change, before=before, say=say, wait_seconds=wait_seconds) as trial:
        told = comparing.compared(trial.connection, trial.built, of_kind.moves, first, last)
        seconds, models = trial.seconds, len(trial.built)
    return {
        "kind": of_kind.name,
        "title_zh": of_kind.title_zh,
        "title_en": of_kind.title_en,
        "file": path.name,
        "valid_from": change.valid_from,
        "first_day": str(first),
        "last_day": str(last),
        "as_of": trial.as_of,
        "changes": detail,
        **told,
        "models_built": models,
        "seconds": seconds,
    }


def _as_of(settings: Settings) -> datetime:
    state = due.read_state(settings)
    if state is None or state.as_of is None:
        raise LuyueError(f"{settings.data}: there is no finished run to try rules on; luyue run")
    return datetime.strptime(state.as_of, due.TIME_FORMAT)
