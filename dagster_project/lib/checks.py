"""The checks on what ingestion took: accounting (blocks publishing), unknown states and refusals (warn).

Rules on the marts are dbt tests and do not belong here; what a contract refuses is ingestion's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dagster_project.lib import batches
from dagster_project.settings import Settings

RowsByReason = Mapping[str, int]
FEEDS_WITH_STATES = ("orders", "aftersales")
_SHOWN = 5


@dataclass(frozen=True)
class Outcome:
    """One check: the asset of `lake/` it is about, whether it holds, whether it blocks, one line to read."""

    name: str
    asset: str
    passed: bool
    blocking: bool
    line: str

    @property
    def result(self) -> str:
        """passed, warned or failed, as the run facts count them."""
        if self.passed:
            return "passed"
        return "failed" if self.blocking else "warned"


def ingestion_checks(settings: Settings, refused_files: int, refused_rows: RowsByReason) -> list[Outcome]:
    """All checks on the lake after ingestion; `refused_rows` is by `<source>: <reason>`."""
    return [
        _accounting(settings),
        _refusals(refused_files, refused_rows),
        *(_unknown_states(settings, feed) for feed in FEEDS_WITH_STATES),
    ]


def _accounting(settings: Settings) -> Outcome:
    gaps = batches.accounting_gaps(settings)
    line = f"accounting: {_listed(gaps)}" if gaps else "every row read is accepted, refused or a totals row"
    return Outcome("rows_add_up", "batches", not gaps, blocking=True, line=line)


def _refusals(files: int, rows: RowsByReason) -> Outcome:
    total = sum(rows.values())
    line = f"{files} files and {total} rows refused" if files or total else "nothing was refused"
    return Outcome("nothing_refused", "quarantine", not files and not total, blocking=False, line=line)


def _unknown_states(settings: Settings, feed: str) -> Outcome:
    unknown = batches.unknown_states(settings, feed)
    listed = _listed([f"{state} ({count} rows)" for state, count in unknown.items()])
    line = f"{feed}: states that no contract knows: {listed}" if unknown else f"{feed}: every state is known"
    return Outcome("states_known", feed, not unknown, blocking=False, line=line)


def _listed(lines: list[str]) -> str:
    more = f"; and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return "; ".join(lines[:_SHOWN]) + more
