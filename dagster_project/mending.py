"""What owners of master data do from the dashboard: the door from app/ to corrections
and suggestions.

Whether somebody may do something is asked before; whether a correction may be made, behind this door.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

__all__ = ["LuyueError", "act", "correct", "suggested", "take"]


def correct(settings: Settings, proposal: Mapping[str, object], reason: str, by: str) -> str:
    """Takes one correction (entity, record_key, field, old_value, new_value); `approved` or `proposed`.

    LuyueError that says why it may not be made.
    """
    from dagster_project.lib.stewardship import deciding

    outcome = deciding.propose(settings, deciding.as_frame([proposal]), reason=reason, by=by)
    if outcome.refused.height:
        raise LuyueError(str(outcome.refused["why"][0]))
    return str(outcome.taken["status"][0])


def act(
    settings: Settings, file: Path, ids: Sequence[str], action: str, *, by: str, assignee: str, reason: str
) -> int:
    """Notes one action on findings of a published file; how many. LuyueError."""
    from dagster_project.lib.stewardship import findings

    return findings.act(settings, file, ids, action, by=by, assignee=assignee, reason=reason)


def suggested(file: Path, ids: Sequence[str], sure: float) -> pl.DataFrame:
    """Suggestions for open findings of a published file, for all where no id is given."""
    from dagster_project.lib.stewardship import accepting

    return accepting.suggested(file, finding_ids=ids, min_confidence=sure)


def take(settings: Settings, ids: Sequence[str], sure: float, reason: str, by: str) -> tuple[int, int]:
    """Takes the suggestions that are sure enough; how many were taken and how many a rule refused."""
    from dagster_project.lib.stewardship import accepting

    outcome = accepting.accept(
        settings, finding_ids=ids, min_confidence=sure, by=by, reason=reason.strip() or None
    )
    return outcome.taken.height, outcome.refused.height
