"""A file of customer records → the columns of the feed, as text: any subset of them, in any order.

What the columns mean belongs to `feeds.yml`; how a table is read, to `address_files/reading.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.feeds import load_feeds

if TYPE_CHECKING:
    import polars as pl

KEY = "source_record_id"
PART_ROWS = 50_000
"""Records that are read at a time: 60 MB of cells, most of them empty."""
NO_SOURCE = "records"
"""The source of records that name none."""
SAYS_NOTHING = (
    "source", "touchpoint", KEY, "occurred_at", "app_id", "gender", "nickname", "province", "city",
    "district", "town", "channel", "consent",
)  # fmt: skip
"""Columns that many strangers share: by these alone nobody is linked."""
CROWD = 1_000
"""Records of one part that show one number, from which a notice tells it: a front desk, a dummy, a fault of
the export."""


@dataclass
class Records:
    """`parts`: source, all columns of the feed as text (null where the file has none), a part of the file at
    a time, an empty one first. `rows` and `notices` are whole after the last one; who has put the parts
    together says how many records are `live`.

    Rows without a source_record_id are left out, which a notice says.
    """

    parts: Iterator[pl.DataFrame]
    rows: int = 0
    missing: int = 0
    live: int = 0
    silent: int = 0
    crowded: dict[str, int] = field(default_factory=dict)
    """Number, masked, → how many records show it."""
    notices: list[str] = field(default_factory=list)

    def told(self) -> list[str]:
        """All notices."""
        repeated = self.rows - self.missing - self.live
        without = [f"{self.missing} rows without {KEY}: left out"] if self.missing else []
        again = f"{repeated} rows whose source and {KEY} come again: the last of each stands"
        nothing = f"{self.silent} records show nothing to link by: each is a customer of its own"
        crowds = [
            f"{count} records show the number {number}: it links only who bears one name, few or none of them"
            for number, count in self.crowded.items()
        ]
        told = [*self.notices, *without, *([again] if repeated else [])]
        return [*told, *([nothing] if self.silent else []), *crowds]

    def look_at(self, part: pl.DataFrame) -> None:
        """Counts what a part shows of nothing, and of one number too often."""
        import polars as pl

        from dagster_project.lib.ingest.personal import masks

        told = [name for name in part.columns if name not in SAYS_NOTHING]
        self.silent += part.select(pl.all_horizontal(pl.col(told).is_null()).sum()).item()
        crowds = part["phone"].drop_nulls().value_counts().filter(pl.col("count") >= CROWD).sort("phone")
        masked = crowds.select(masks.mask("phone", masks.normalise("phone", pl.col("phone"))), "count")
        for number, count in masked.iter_rows():
            self.crowded[number] = self.crowded.get(number, 0) + count


def columns() -> list[str]:
    """source and the columns of the feed customer_records."""
    return ["source", *load_feeds()["customer_records"].columns]


def opened(path: Path) -> Records:
    """The records of a CSV, XLSX or Parquet file. LuyueError where it is no table, or has no column
    source_record_id."""
    import polars as pl

    from dagster_project.lib.address_files import reading

    table = reading.open_table(path, KEY, PART_ROWS)
    if KEY not in table.columns:
        raise LuyueError(f"{path}: has no column {KEY}; it has {', '.join(table.columns[:12])}")
    wanted = columns()
    known = [name for name in wanted if name in table.columns]
    found = Records(iter(()))

    def parts() -> Iterator[pl.DataFrame]:
        yield pl.DataFrame(schema=dict.fromkeys(wanted, pl.String))
        for chunk in table.chunks:
            _needs_plain(path, chunk, known)
            shaped = _shaped(chunk, known, wanted)
            keyed = shaped.drop_nulls(KEY)
            found.rows += shaped.height
            found.missing += shaped.height - keyed.height
            found.look_at(keyed)
            yield keyed
        _give_back()
        found.notices += table.notices
        if unknown := [name for name in table.columns if name not in wanted]:
            found.notices.append(f"columns of no meaning here: {', '.join(unknown[:12])}")

    found.parts = parts()
    return found


def read(path: Path) -> pl.DataFrame:
    """All records of a file; of several rows with one key the last stands."""
    import polars as pl

    return newest(pl.concat(opened(path).parts))


def _give_back() -> None:
    """What the reader holds in reserve: 270 MB after a million records."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def newest(records: pl.DataFrame) -> pl.DataFrame:
    """Of several rows with one source and id the last."""
    if records.select("source", KEY).hash_rows().n_unique() == records.height:
        return records
    return records.unique(["source", KEY], keep="last", maintain_order=True)


def _needs_plain(path: Path, chunk: pl.DataFrame, known: list[str]) -> None:
    """LuyueError where a column holds lists, or bytes that are no text."""
    import polars as pl

    for name in known:
        dtype = chunk.schema[name]
        told = f"{path}: the column {name} holds {dtype}, no text; write one value a cell, as text"
        if dtype.is_nested():
            raise LuyueError(told)
        if dtype == pl.Binary:
            try:
                chunk[name].cast(pl.String)
            except pl.exceptions.PolarsError as error:
                raise LuyueError(told) from error


def _shaped(chunk: pl.DataFrame, known: list[str], wanted: list[str]) -> pl.DataFrame:
    """The wanted columns as text, null where nothing is told; records that name no source have one."""
    import polars as pl

    texts = chunk.select(pl.col(known).cast(pl.String))
    blank = {name: pl.col(name).str.strip_chars() == "" for name in known}
    told = texts.select(pl.when(~blank[name]).then(name).alias(name) for name in known)
    missing = [pl.lit(None, pl.String).alias(name) for name in wanted if name not in known]
    return told.with_columns(missing).select(wanted).with_columns(pl.col("source").fill_null(NO_SOURCE))
