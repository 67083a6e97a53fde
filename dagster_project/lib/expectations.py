"""What contracts expect of their files, and whether it holds: freshness, volume, share of unknown states.

Each only warns: what a channel does late or oddly is found and owned, it blocks nothing. A contract without
an expectation is not judged by it. The batches come from ledger.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

USUAL_DAYS = 14
"""Days of exports before the one that is judged, over which the usual is the median: two weeks, so that each
weekday counts twice."""
LEAST_DAYS = 3
"""With fewer days before it nothing is usual yet."""

Contract = Mapping[str, Any]
"""The body of a contract; `freshness`, `volume`, `unknown_share` and `owner` are read."""


@dataclass(frozen=True)
class Judgement:
    """One expectation of one source: whether it holds, and the figures in one line."""

    source: str
    owner: str
    holds: bool
    line: str


def judged(
    entries: pl.DataFrame, contracts: Mapping[str, Contract], as_of: datetime
) -> dict[str, list[Judgement]]:
    """By kind (fresh, volume, states): a judgement of each source that expects something of it.

    `entries`: the ledger; sources that never exported anything are not judged.
    """
    import polars as pl

    kinds: dict[str, Callable[[pl.DataFrame, Contract], tuple[bool, str] | None]] = {
        "fresh": partial(_fresh, as_of=as_of),
        "volume": partial(_volume, as_of=as_of),
        "states": _states,
    }
    found: dict[str, list[Judgement]] = {kind: [] for kind in kinds}
    accepted = entries.filter(pl.col("state") == "accepted", pl.col("exported_at") <= as_of)
    for (source,), batches in accepted.sort("source").group_by("source", maintain_order=True):
        contract = contracts.get(str(source))
        for kind, judge in kinds.items():
            told = judge(batches, contract) if contract else None
            if contract and told:
                found[kind].append(Judgement(str(source), str(contract.get("owner", "")), told[0], told[1]))
    return found


def _fresh(batches: pl.DataFrame, contract: Contract, as_of: datetime) -> tuple[bool, str] | None:
    if "freshness" not in contract:
        return None
    limit, newest = contract["freshness"]["warn_after_hours"], batches["exported_at"].max()
    assert isinstance(newest, datetime)
    hours = (as_of - newest).total_seconds() / 3600
    return hours <= limit, f"newest export {newest:%Y-%m-%d %H:%M}, {hours:,.0f} h old, {limit:g} h at most"


def _volume(batches: pl.DataFrame, contract: Contract, as_of: datetime) -> tuple[bool, str] | None:
    """The newest day of exports against the days before. A day that may not be over is not called too small
    before as many files came as usual."""
    import polars as pl

    rule = contract.get("volume")
    if not rule:
        return None
    days = (
        batches.group_by(day=pl.col("exported_at").dt.date())
        .agg(rows=(pl.col("rows_read") - pl.col("rows_totals")).sum(), files=pl.len())
        .sort("day")
    )
    day, rows, files = days.row(-1)
    before = days.head(-1).tail(USUAL_DAYS)
    least, most = rule.get("min_rows_per_day", 0), rule.get("max_rows_per_day", float("inf"))
    told = f"{day}: {rows:,} rows"
    if before.height >= LEAST_DAYS:
        usual, usual_files = before["rows"].median(), before["files"].median()
        assert isinstance(usual, float) and isinstance(usual_files, float)
        least = max(least, rule.get("least_share_of_usual", 0) * usual)
        most = min(most, rule.get("most_share_of_usual", float("inf")) * usual) if usual else most
        told += f", usually {usual:,.0f}"
        if day == as_of.date() and files < usual_files:
            least = 0
    wanted = (
        f", expected {least:,.0f} to {most:,.0f}"
        if most < float("inf")
        else f", expected {least:,.0f} or more"
    )
    return least <= rows <= most, told + wanted


def _states(batches: pl.DataFrame, contract: Contract) -> tuple[bool, str] | None:
    """Over the newest day of exports: what was unknown once and is mapped now should not warn for ever."""
    import polars as pl

    if "unknown_share" not in contract:
        return None
    newest = batches.filter(pl.col("exported_at").dt.date() == pl.col("exported_at").dt.date().max())
    rows = newest["rows_accepted"].sum()
    texts = newest["unknown_states"].drop_nulls()
    unknown = sum(sum(json.loads(text).values()) for text in texts)
    share, limit = (unknown / rows if rows else 0.0), contract["unknown_share"]
    return (
        share <= limit,
        f"{unknown:,} of {rows:,} rows ({share:.1%}) with an unknown state, {limit:.1%} at most",
    )
