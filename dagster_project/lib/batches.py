"""What the batch ledger says about what was taken: newest export, accounting, unknown states, counts by feed.

Over the frame that ledger.py reads; nothing is opened here. What contracts expect is expectations.py.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dagster_project.lib import due, ledger
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ledger import Ledger
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

_COUNTS = ("rows_read", "rows_accepted", "rows_refused", "rows_totals")


def newest_exported_at(settings: Settings) -> datetime:
    """The newest export time of the accepted files. Raises LuyueError where none was accepted."""
    newest = ledger.read(settings).entries.filter(state="accepted")["exported_at"].max()
    if not isinstance(newest, datetime):
        raise LuyueError(
            f"{settings.landing}: no file was accepted, so there is nothing to build from; put exports into "
            "landing/<source>/, or write a demo with `luyue demo`"
        )
    return newest.replace(microsecond=0)


def ids(settings: Settings) -> set[str]:
    """The batches taken so far, accepted or refused."""
    return set(due.ledger_files(settings.lake))


def accounting_gaps(taken: Ledger) -> list[str]:
    """One line for each batch whose rows do not add up, or whose stored files are not what its entry says."""
    import polars as pl

    accepted = pl.when(pl.col("state") == "accepted").then("rows_accepted").otherwise(0)
    told = accepted + pl.col("rows_refused") + pl.col("rows_totals")
    has_file = pl.col("lake_size").is_not_null()
    name = pl.format("{}: ", pl.col("source_file"))
    counts = pl.format(
        "{} rows read, {} accepted, {} refused, {} totals",
        "rows_read",
        accepted,
        "rows_refused",
        "rows_totals",
    )
    gap = (
        pl.when(pl.col("rows_read") != told)
        .then(pl.concat_str(name, counts))
        .when((accepted > 0) & ~has_file)
        .then(pl.concat_str(name, counts, pl.lit(", but its lake file is gone")))
        .when(has_file & pl.col("lake_rows").is_null())
        .then(pl.concat_str(name, pl.lit("its lake file cannot be read")))
        .when(has_file & (pl.col("lake_rows") != accepted))
        .then(pl.concat_str(name, counts, pl.format(", {} in lake", "lake_rows")))
        .when(pl.col("had_vault") & ~pl.col("has_vault"))
        .then(pl.concat_str(name, pl.lit("its vault file is gone")))
    )
    lines = taken.entries.sort("source", "source_file").select(gap=gap)["gap"].drop_nulls().to_list()
    return [*lines, *(f"lake file without a ledger entry: {place}" for place in taken.stray)]


def unknown_states(entries: pl.DataFrame, feed: str) -> dict[str, int]:
    """Rows of a feed whose state no contract knows, by `<source>: <state as exported>`, most first."""
    counts: Counter[str] = Counter()
    told = entries.filter(feed=feed, state="accepted").select("source", "unknown_states").drop_nulls()
    for source, states in told.iter_rows():
        for state, count in json.loads(states).items():
            counts[f"{source}: {state}"] += count
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def rows_by_feed(entries: pl.DataFrame) -> dict[str, int]:
    """Accepted rows of each feed over all batches."""
    accepted = entries.filter(state="accepted").group_by("feed").agg(rows="rows_accepted")
    return dict(accepted.select("feed", accepted["rows"].list.sum()).iter_rows())


def facts_by_feed(entries: pl.DataFrame, batch_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What these batches brought each feed, for people to read: files, rows, the newest export, notices."""
    import polars as pl

    taken = entries.filter(pl.col("batch_id").is_in(list(batch_ids)))
    told = taken.group_by("feed").agg(
        pl.len().alias("files"),
        (pl.col("state") == "refused").sum().alias("files_refused"),
        *(pl.col(name).sum() for name in _COUNTS),
        pl.col("exported_at").max().dt.to_string("%Y-%m-%d %H:%M:%S").alias("newest_export"),
        pl.struct("source_file", "notices").alias("notices"),
    )
    facts = {row.pop("feed"): row for row in told.to_dicts()}
    for row in facts.values():
        row["notices"] = [
            f"{file['source_file']}: {text}"
            for file in row["notices"]
            for text in json.loads(file["notices"] or "[]")
        ]
    return facts
