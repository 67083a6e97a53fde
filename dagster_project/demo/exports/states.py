"""What a platform shows of an order at an export time: its times so far, and its state in canonical words.

The platforms' own words for the states belong to the module of each platform.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import EXPORT_WINDOW, changed_within, seen, text

CHANGES = [
    "ordered_at",
    "paid_at",
    "first_ship_at",
    "ship_at",
    "shown_signed_at",
    "completed_at",
    "closed_at",
    "refunded_at",
    "partly_refunded_at",
]
STATES = ("closed", "completed", "shipped", "partially_shipped", "paid_pending_ship", "pending_payment")


def window(orders: pl.DataFrame, channel: str, at: int) -> pl.DataFrame:
    """The channel's orders that an export at `at` holds, with their state."""
    mine = orders.filter(pl.col("channel") == channel)
    return with_state(changed_within(mine, CHANGES, at, EXPORT_WINDOW), at)


def with_state(orders: pl.DataFrame, at: int) -> pl.DataFrame:
    """`orders` with state (one of `STATES`) and is_refunded, as of `at`."""
    return orders.with_columns(
        state=pl.when(pl.col("closed_at") <= at)
        .then(pl.lit("closed"))
        .when(pl.col("completed_at") <= at)
        .then(pl.lit("completed"))
        .when(pl.col("ship_at") <= at)
        .then(pl.lit("shipped"))
        .when(pl.col("first_ship_at") <= at)
        .then(pl.lit("partially_shipped"))
        .when(pl.col("paid_at") <= at)
        .then(pl.lit("paid_pending_ship"))
        .otherwise(pl.lit("pending_payment")),
        is_refunded=(
            (pl.col("refunded_at") <= at)
            | ((pl.col("closed_at") <= at) & (pl.col("close_kind") == "cancelled"))
        ).fill_null(False),
    )


def lines_of(orders: pl.DataFrame, lines: pl.DataFrame, skus: pl.DataFrame, at: int) -> pl.DataFrame:
    """One row per line of `orders`, in order: all columns of both, with line_state as of `at`."""
    goods = skus.select("sku", "sku_code", "title", "spec")
    mine = lines.drop("line_count", "is_split", "parcel", "waybill_no", "carrier").join(
        goods, on="sku", how="left", maintain_order="left"
    )
    bills = lines.select("o", "n", line_waybill="waybill_no", line_carrier="carrier")
    mine = mine.with_columns(bills["line_waybill"], bills["line_carrier"])
    rows = orders.join(mine, on="o", how="inner", maintain_order="left_right")
    cancelled = (pl.col("line_cancelled_at") <= at).fill_null(False)
    left = (pl.col("line_ship_at") <= at).fill_null(False)
    waits = pl.when(left).then(pl.lit("shipped")).otherwise(pl.lit("paid_pending_ship"))
    return rows.with_columns(
        line_cancelled=cancelled,
        line_state=pl.when(cancelled)
        .then(pl.lit("closed"))
        .when(pl.col("state") == "partially_shipped")
        .then(waits)
        .otherwise("state"),
        line_waybill=pl.when(left).then("line_waybill"),
        line_carrier=pl.when(left).then("line_carrier"),
    )


def time_at(column: str, at: int) -> pl.Expr:
    """The time as text where it had come by `at`, else null."""
    return text(seen(column, at))


def yuan(column: str | pl.Expr) -> pl.Expr:
    """Fen as yuan with two decimals, as text."""
    fen = pl.col(column) if isinstance(column, str) else column
    return pl.concat_str((fen // 100).cast(pl.String), pl.lit("."), (fen % 100).cast(pl.String).str.zfill(2))
