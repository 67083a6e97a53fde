"""`luyue run`: under the lock, ask whether a run is due; if so run the whole job, else touch nothing.

The stages' work, and what is printed, do not belong here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from dagster_project.lib import arrivals, due, lock, runs
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.session import Say, open_session, placed, put_right
from dagster_project.settings import Settings


@dataclass(frozen=True)
class Report:
    """Whether a run was needed, whether it published, and its facts (or the last run's)."""

    settings: Settings
    """With the folder it worked in: DATA, or DATA/asof/<time>."""
    ran: bool
    succeeded: bool
    facts: dict[str, Any]


def run(settings: Settings, *, say: Say, wait_seconds: float | None = None) -> Report:
    """One complete run, or none if nothing is due.

    Raises LockBusyError if another process holds the data folder for longer than `wait_seconds` (None: no
    limit), LuyueError if there is nothing to read at all.
    """
    with lock.hold(settings.lock_file, wait_seconds=wait_seconds, say=say):
        put_right(settings, say)
        chosen = placed(settings)
        _need_something_to_read(chosen)
        why = due.reasons(chosen, new_files=len(arrivals.waiting(chosen).files))
        if not why:
            return Report(chosen, ran=False, succeeded=True, facts=_last_facts(chosen))
        say(f"{'run':<10} {', '.join(why)}")
        from dagster_project.execution import execute

        with open_session(chosen, say=say) as session:
            succeeded = execute(session)
        return Report(chosen, True, succeeded and not session.facts.blocked, asdict(session.facts))


def _need_something_to_read(settings: Settings) -> None:
    landed = settings.landing.is_dir() and any(settings.landing.iterdir())
    if not landed and not (settings.lake / "_batches").is_dir():
        raise LuyueError(
            f"{settings.landing}: no exports here; put them into <source>/ folders there, name another "
            "folder with --landing, or write a demo with `luyue demo --out DIR`"
        )


def _last_facts(settings: Settings) -> dict[str, Any]:
    state = due.read_state(settings)
    facts = runs.read(settings, state.run_id) if state else None
    if facts is None:
        raise LuyueError(f"{settings.runs}: the last run's facts are gone; run again with --full-refresh")
    return facts
