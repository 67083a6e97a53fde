"""What another linking of the same records would do to customers: which stay, merge, split, and whose records
move. Two groupings in, counts and examples out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Compared:
    """Customers before and after, and of those before: how many stay as they are, merge into one with
    others, split; how many records leave the most of their customer. `examples`: before, after (least
    records of customers), what, records."""

    before: int
    after: int
    same: int
    merged: int
    split: int
    moved_records: int
    examples: pl.DataFrame


def compare(before: pl.Series, after: pl.Series, names: pl.Series, count: int = 20) -> Compared:
    """Compares two groupings of the same rows. `names`: how a record is told in the examples."""
    table = pl.DataFrame({"before": before, "after": after, "name": names})
    flows = table.group_by("before", "after").agg(n=pl.len(), record=pl.col("name").min())
    flows = flows.with_columns(
        parts=pl.len().over("before"),
        sources=pl.len().over("after"),
        most=pl.col("n").max().over("before"),
    )
    kinds = flows.group_by("before").agg(
        is_split=pl.col("parts").max() > 1, is_merged=(pl.col("sources") > 1).any(), n=pl.col("n").sum()
    )
    same = kinds.filter(~pl.col("is_split") & ~pl.col("is_merged")).height
    what = pl.when(pl.col("parts") > 1).then(pl.lit("split")).otherwise(pl.lit("merge"))
    told = flows.filter((pl.col("parts") > 1) | (pl.col("sources") > 1)).with_columns(what=what)
    told = told.sort("n", "record", descending=[True, False]).head(count)
    return Compared(
        before=before.n_unique(),
        after=after.n_unique(),
        same=same,
        merged=kinds.filter("is_merged").height,
        split=kinds.filter("is_split").height,
        moved_records=int(table.height - flows.group_by("before").agg(pl.col("most").first())["most"].sum()),
        examples=told.select("what", "record", records="n"),
    )
