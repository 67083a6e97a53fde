"""A file of customer records → the columns of the feed, as text: any subset of them, in any order.

What the columns mean belongs to `feeds.yml`; how a table is read, to `address_files/reading.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.feeds import load_feeds

if TYPE_CHECKING:
    import polars as pl

KEY = "source_record_id"
NO_SOURCE = "records"
"""The source of records that name none."""


@dataclass
class Records:
    """`frame`: source, all columns of the feed as text (null where the file has none), one row a record."""

    frame: pl.DataFrame
    rows: int
    notices: list[str] = field(default_factory=list)


def columns() -> list[str]:
    """source and the columns of the feed customer_records."""
    return ["source", *load_feeds()["customer_records"].columns]


def read(path: Path) -> Records:
    """The records of a CSV, XLSX or Parquet file; of several rows with one key the last stands.

    Rows without a source_record_id are left out, which a notice says. LuyueError where the file is no
    table, or has no such column.
    """
    import polars as pl

    from dagster_project.lib.address_files import reading

    table = reading.open_table(path, KEY)
    if KEY not in table.columns:
        raise LuyueError(f"{path}: has no column {KEY}; it has {', '.join(table.columns[:12])}")
    wanted = columns()
    known = [name for name in wanted if name in table.columns]
    parts = [_shaped(chunk, known, wanted) for chunk in table.chunks]
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(wanted, pl.String))
    keyed = frame.filter(pl.col(KEY).is_not_null()) if frame[KEY].null_count() else frame
    live = keyed
    if keyed.select("source", KEY).is_duplicated().any():
        live = keyed.unique(["source", KEY], keep="last", maintain_order=True)
    return Records(live, frame.height, [*table.notices, *_notices(table.columns, frame, keyed, live)])


def _shaped(chunk: pl.DataFrame, known: list[str], wanted: list[str]) -> pl.DataFrame:
    """The wanted columns as text, null where nothing is told; records that name no source have one."""
    import polars as pl

    texts = chunk.select(pl.col(known).cast(pl.String))
    blank = {name: pl.col(name).str.strip_chars() == "" for name in known}
    told = texts.select(pl.when(~blank[name]).then(name).alias(name) for name in known)
    missing = [pl.lit(None, pl.String).alias(name) for name in wanted if name not in known]
    return told.with_columns(missing).select(wanted).with_columns(pl.col("source").fill_null(NO_SOURCE))


def _notices(named: list[str], frame: pl.DataFrame, keyed: pl.DataFrame, live: pl.DataFrame) -> list[str]:
    told = []
    if unknown := [name for name in named if name not in columns()]:
        told.append(f"columns of no meaning here: {', '.join(unknown[:12])}")
    if missing := frame.height - keyed.height:
        told.append(f"{missing} rows without {KEY}: left out")
    if repeated := keyed.height - live.height:
        told.append(f"{repeated} rows whose source and {KEY} come again: the last of each stands")
    return told
