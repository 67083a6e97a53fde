"""Plain customer records in the shape in which the lake and the vault give them to `identity`.

The text of a value stands for its token: nothing of it is written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from dagster_project.lib.identity_files.reading import newest

if TYPE_CHECKING:
    import polars as pl

PARTS = ("province", "city", "district", "town", "address")
KINDS = {
    "buyer_account": "account",
    "phone": "phone",
    "name": "name",
    "birthday": "birthday",
    "email": "email",
}
"""Column of the feed → kind of the vault."""
ROWS = 50_000
"""Records that are brought into shape at once."""
_BATCH = "file"
_EXPORTED = datetime(2000, 1, 1)


def record_table(
    parts: Iterable[pl.DataFrame], seal: Callable[[pl.DataFrame], pl.DataFrame] | None = None
) -> pl.DataFrame:
    """`identity.records.build_records` over plain records (the columns of `reading.columns`); of several with
    one source and id the last. `seal` is done to each piece before the next is made.

    A piece at a time: what a record says does not depend on others, and the detour over tokens takes memory.
    """

    from identity.records import arranged

    shaped = []
    for part in parts:
        for piece in part.iter_slices(ROWS) if part.height else [part]:
            table = _table(newest(piece))
            shaped.append(table if seal is None else seal(table))
    return arranged(_one(shaped))


def _one(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """The tables as one, of which the caller keeps nothing."""
    import polars as pl

    table = newest(pl.concat(tables))
    tables.clear()
    return table


def _table(records: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    from identity.records import ORDER_COLUMNS, build_records

    parts = [pl.col(part).fill_null("") for part in PARTS]
    rows = records.with_columns(
        *(pl.col(column).alias(f"{column}_token") for column in KINDS),
        pl.concat_str(parts, separator="\x1f").alias("address_token"),
        # Identifiers of a channel are told apart by it; a file without channels has one.
        pl.col("channel").fill_null(""),
        pl.col("occurred_at").str.to_datetime(strict=False, time_unit="us"),
        pl.lit(_EXPORTED, pl.Datetime("us")).alias("exported_at"),
        pl.lit(_BATCH).alias("batch_id"),
        pl.int_range(pl.len()).alias("source_line"),
    )
    batches = pl.DataFrame({"batch_id": [_BATCH], "arrival_seq": [1], "carried_columns": [None]}).cast(
        {"carried_columns": pl.String}
    )
    values = pl.concat(
        records.select(
            pl.col(column).alias("token"), pl.lit(kind).alias("kind"), pl.col(column).alias("value")
        )
        .drop_nulls()
        .unique(maintain_order=True)
        for column, kind in KINDS.items()
    )
    # One text may be a name here and an account there; each kind looks its own up.
    values = values.with_columns(pl.concat_str("kind", "token", separator="\x1f").alias("token"))
    rows = rows.with_columns(
        pl.concat_str(pl.lit(f"{kind}\x1f"), f"{column}_token").alias(f"{column}_token")
        for column, kind in KINDS.items()
    )
    no_orders = pl.DataFrame(
        schema={
            **dict.fromkeys(("source", "channel", "channel_order_id", "batch_id", *ORDER_COLUMNS), pl.String),
            **dict.fromkeys(("exported_at", "ordered_at", "paid_at"), pl.Datetime("us")),
            "source_line": pl.Int64,
        }
    )
    return build_records(no_orders, rows, batches, values, _homes(rows), as_of=_EXPORTED)


def _homes(rows: pl.DataFrame) -> pl.DataFrame:
    """address_token, address_key_token, visible_to, adcode of every distinct address."""
    import polars as pl

    told = pl.any_horizontal(pl.col(part).is_not_null() for part in PARTS)
    distinct = rows.select("address_token", *PARTS).filter(told).unique("address_token", maintain_order=True)
    if distinct.is_empty():
        names = ("address_token", "address_key_token", "visible_to", "adcode")
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    from identity.addresses import standardise

    found = standardise(distinct.select(PARTS))
    return distinct.select("address_token").with_columns(
        found["address_key"].alias("address_key_token"), found["visible_to"], found["adcode"]
    )
