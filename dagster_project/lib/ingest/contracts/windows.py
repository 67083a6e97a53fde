"""What a file is complete for: everything its source has, or everything within a window of time.

Only such a file lets the absence of a row mean anything; marking absent rows is the warehouse's work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.contracts.exported import parse_time
from dagster_project.lib.ingest.rules.neighbour_rules import Memory

_DATE_DIGITS = 8


@dataclass(frozen=True)
class Completeness:
    """Of one batch. Both ends of the window belong to it; `column` is the time that decides."""

    is_complete: bool = False
    column: str | None = None
    start: datetime | None = None
    end: datetime | None = None


def widen_window(accepted: pl.DataFrame, contract: Contract, memory: Memory) -> None:
    """Remembers the least and the greatest time of the window's column; call it for each chunk."""
    column = contract.get("window", {}).get("column")
    if column in accepted.columns and accepted[column].count():
        seen = [*memory.get("window", ()), accepted[column].min(), accepted[column].max()]
        memory["window"] = (min(seen), max(seen))


def completeness(contract: Contract, file_name: str, rows_refused: int, memory: Memory) -> Completeness:
    """What the contract promises of this file. A file with refused rows does not show what it holds, so it
    is complete for nothing."""
    if rows_refused:
        return Completeness()
    rule = contract.get("window")
    if not rule:
        return Completeness(bool(contract.get("complete")))
    start, end = _named(rule, file_name) or memory.get("window", (None, None))
    column = rule["column"] if start is not None else None
    return Completeness(bool(contract.get("complete")), column, start, end)


def _named(rule: dict[str, str], file_name: str) -> tuple[datetime, datetime] | None:
    """The window that the file's name tells; a last day counts to its end."""
    match = re.search(rule["pattern"], file_name) if "pattern" in rule else None
    if not match:
        return None
    form = rule.get("format", "stamp")
    try:
        start, end = (parse_time(match.group(name), form) for name in ("from", "to"))
    except (ValueError, OverflowError, KeyError):
        return None
    last_day = form == "stamp" and len(match.group("to")) == _DATE_DIGITS
    return start, end + timedelta(days=1, microseconds=-1) if last_day else end
