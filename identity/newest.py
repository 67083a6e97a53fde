"""The state of each order and touchpoint record as of a time, out of the overlapping exports of the lake.

Of two exports of a row the later one wins, column by column: a column that the later file did not carry keeps
its earlier value. What the values mean does not belong here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

ORDER_KEY = ("source", "channel", "channel_order_id")
TOUCHPOINT_KEY = ("source", "source_record_id")


def newest(
    rows: pl.DataFrame,
    batches: pl.DataFrame,
    key: Sequence[str],
    columns: Mapping[str, str],
    as_of: datetime,
) -> pl.DataFrame:
    """One row a key with the newest value of each column, in the order of the key.

    `rows`: lake rows (key, columns, batch_id, exported_at, source_line). `batches`: the ledger (batch_id,
    arrival_seq, carried_columns); rows of a batch that is not in it are left out. `columns`: physical column
    → the canonical column whose presence in a file means that the file carries it. Rows exported after
    `as_of` are ignored. Of several lines in one export the first one speaks. Adds `exported_at` of the
    newest row.
    """
    current = rows.filter(pl.col("exported_at") <= as_of).filter(
        pl.all_horizontal(pl.col(column).is_not_null() for column in key)
    )
    ledger = batches.select("batch_id", "arrival_seq", "carried_columns").unique("batch_id")
    current = current.join(ledger, on="batch_id", how="inner")
    first_lines = current.sort("source_line").unique([*key, "batch_id"], keep="first", maintain_order=True)
    ordered = first_lines.sort("exported_at", "arrival_seq", "batch_id")
    carried = {
        canonical: pl.col("carried_columns").str.contains(f",{canonical},", literal=True).fill_null(True)
        for canonical in sorted(set(columns.values()))
    }
    ordered = ordered.with_columns(test.alias(f"_carries_{name}") for name, test in carried.items())
    aggregates = [
        pl.col(column).filter(pl.col(f"_carries_{canonical}")).last() for column, canonical in columns.items()
    ]
    return (
        ordered.group_by(*key, maintain_order=True).agg(*aggregates, pl.col("exported_at").last()).sort(*key)
    )
