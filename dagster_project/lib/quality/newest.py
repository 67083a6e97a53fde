"""The newest state of a master feed, column by column, as the lake has it.

The same rule as dbt/macros/newest.sql, over tens of thousands of rows instead of millions: a test holds both
equal to the row. It stands here once more because the suites run before dbt does.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dagster_project.lib.feeds import load_feeds
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl


def newest(settings: Settings, feed: str, entries: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """One row per key of the feed: its physical columns, `source`, and `key_doubled` where the newest file
    shows the key twice (its last line counts). `entries`: the batch ledger."""
    import polars as pl

    known = load_feeds()[feed]
    typed = {name: dtype for name, dtype in known.lake_schema().items() if name not in _OF_THE_ROW}
    typed |= {"source": pl.String(), "key_doubled": pl.String()}
    ranked = (
        entries.filter(feed=feed, state="accepted")
        .sort("exported_at", "arrival_seq", "batch_id")
        .select("batch_id", "carried_columns")
        .with_row_index("batch_rank")
    )
    paths = sorted((settings.lake / feed).glob("**/*.parquet"))
    if not paths or ranked.is_empty():
        return pl.DataFrame(schema=typed)
    rows = pl.scan_parquet(paths, missing_columns="insert", extra_columns="ignore")
    there = rows.collect_schema().names()
    columns = [(pl.col(n) if n in there else pl.lit(None)).cast(t).alias(n) for n, t in typed.items()]
    key = list(known.key)
    shown = (
        rows.filter(pl.col("exported_at") <= as_of)
        .select(*columns, "batch_id", "source_line")
        .collect()
        .join(ranked, on="batch_id")
        .sort("batch_rank", "source_line")
    )
    values = [_last_carried(name) for name in typed if name not in (*key, "source", "key_doubled")]
    is_doubled = (pl.col("batch_rank") == pl.col("batch_rank").last()).sum() > 1
    doubled = pl.when(is_doubled).then(pl.lit("shown_twice")).alias("key_doubled")
    kept = shown.group_by(key, maintain_order=True).agg(*values, pl.col("source").last(), doubled)
    return kept.select(list(typed))


_OF_THE_ROW = frozenset({"source", "batch_id", "source_file", "source_line", "exported_at", "extras"})


def _last_carried(name: str) -> pl.Expr:
    """The value in the newest row whose file carried the column, be it empty."""
    import polars as pl

    carried = name.removesuffix("_token").removesuffix("_mask")
    is_carried = pl.col("carried_columns").str.contains(f",{carried},", literal=True)
    return pl.col(name).filter(is_carried).last()
