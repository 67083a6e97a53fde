"""The checks on what ingestion took: accounting (blocks publishing), states, refusals, what contracts expect.

Rules on the marts are dbt tests and do not belong here; what a contract refuses is ingestion's work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dagster_project.lib import batches, expectations
from dagster_project.lib.expectations import Judgement
from dagster_project.lib.ledger import FEEDS_WITH_STATES, Ledger
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

RowsByReason = Mapping[str, int]


@dataclass(frozen=True)
class Expectation:
    """One check for a kind of expectation: its name, what holds where it passes; what is told where it does
    not, before the sources, and what to do then, behind them."""

    name: str
    holds: str
    fails: str
    mend: str


EXPECTATIONS = {
    "fresh": Expectation(
        "exports_fresh",
        "No source's newest export is older than its contract allows.",
        "no new export for longer than the contract allows",
        "ask the source's owner for one, or mend freshness in its contract",
    ),
    "volume": Expectation(
        "volume_usual",
        "Each source's newest day brought about as many rows as usual.",
        "the newest day brought fewer or more rows than usual",
        "ask the source's owner whether the export is whole, or mend volume in its contract",
    ),
    "states": Expectation(
        "unknown_states_few",
        "No source has more rows with an unknown state than its contract allows.",
        "more rows have an unknown state than the contract allows",
        "add the words to its contract, then luyue quarantine replay --all",
    ),
}
"""By kind of expectation: one check, whatever the number of sources, whose figures are its details."""
_SHOWN = 5


@dataclass(frozen=True)
class Outcome:
    """One check: the asset of `lake/` it is about, whether it holds, whether it blocks, one line to read."""

    name: str
    asset: str
    passed: bool
    blocking: bool
    line: str
    details: list[dict[str, Any]] = field(default_factory=list)
    """By source, for an expectation: source, owner, whether it holds, figures."""

    @property
    def result(self) -> str:
        """passed, warned or failed, as the run facts count them."""
        if self.passed:
            return "passed"
        return "failed" if self.blocking else "warned"


def ingestion_checks(taken: Ledger, refused_files: int, refused_rows: RowsByReason) -> list[Outcome]:
    """The checks that need no contract; `refused_rows` is by `<source>: <reason>`."""
    return [
        _accounting(taken),
        _refusals(refused_files, refused_rows),
        *(_unknown_states(taken.entries, feed) for feed in FEEDS_WITH_STATES),
    ]


def expected_checks(settings: Settings, taken: Ledger, as_of: datetime | None) -> list[Outcome]:
    """One check for each kind of expectation; without a cut-off nothing was accepted and all pass."""
    found: Mapping[str, Sequence[Judgement]] = {}
    if as_of is not None:
        found = expectations.judged(taken.entries, _contracts(settings, taken.entries), as_of)
    return [_expected(kind, found.get(kind, ())) for kind in EXPECTATIONS]


def _contracts(settings: Settings, entries: pl.DataFrame) -> dict[str, Mapping[str, Any]]:
    """Bodies of the contracts of the sources that were taken; a broken one is told where a file needs it."""
    from dagster_project.lib.ingest.contracts.contract import load_contract
    from dagster_project.lib.ingest.contracts.folders import source_folders
    from dagster_project.lib.ingest.errors import ContractError

    folders = source_folders(settings.channels)
    bodies: dict[str, Mapping[str, Any]] = {}
    for source in entries["source"].unique().drop_nulls():
        try:
            bodies[source] = load_contract(folders[source]).body
        except (KeyError, ContractError):
            continue
    return bodies


def _accounting(taken: Ledger) -> Outcome:
    gaps = batches.accounting_gaps(taken)
    line = f"accounting: {_listed(gaps)}" if gaps else "every row read is accepted, refused or a totals row"
    return Outcome("rows_add_up", "batches", not gaps, blocking=True, line=line)


def _refusals(files: int, rows: RowsByReason) -> Outcome:
    total = sum(rows.values())
    line = "nothing was refused"
    if files or total:
        line = (
            f"refused in this run: files {files:,}, rows {total:,}; luyue quarantine list tells which and why"
        )
    return Outcome("nothing_refused", "quarantine", not files and not total, blocking=False, line=line)


def _unknown_states(entries: pl.DataFrame, feed: str) -> Outcome:
    unknown = batches.unknown_states(entries, feed)
    listed = _listed([f"{state} ({count} rows)" for state, count in unknown.items()])
    line = f"{feed}: every state is known"
    if unknown:
        line = (
            f"{feed}: states that no contract knows count as unknown: {listed}; "
            "add them to the contract's words, then luyue quarantine replay --all"
        )
    return Outcome("states_known", feed, not unknown, blocking=False, line=line)


def _expected(kind: str, judgements: Sequence[Judgement]) -> Outcome:
    told = EXPECTATIONS[kind]
    failed = [f"{one.source} ({one.owner}): {one.line}" for one in judgements if not one.holds]
    line = f"{told.fails}: {_listed(failed)}; {told.mend}" if failed else told.holds
    details = [
        {"source": one.source, "owner": one.owner, "holds": one.holds, "figures": one.line}
        for one in sorted(judgements, key=lambda one: (one.holds, one.source))
    ]
    return Outcome(told.name, "batches", not failed, blocking=False, line=line, details=details)


def _listed(lines: list[str]) -> str:
    more = f"; and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return "; ".join(lines[:_SHOWN]) + more
