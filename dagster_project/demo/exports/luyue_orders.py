"""Orders of channels without an export format of their own, as the merchant's OMS writes the feed `orders`.

Column names are the feed's. One file a channel and export: CSV, GB18030, JSON lines, Parquet or a workbook.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import DAY, EXPORT_EVERY_DAYS, seen, stamp, text
from dagster_project.demo.exports.states import lines_of, window
from dagster_project.demo.exports.writing import XLSX_MAX_ROWS, Landing
from dagster_project.demo.world import World

SOURCE = "luyue_orders"
CHANNELS = {
    "pinduoduo": "csv",
    "kuaishou": "gb18030",
    "wechat_shop": "xlsx",
    "wechat_mini": "jsonl",
    "app": "parquet",
}
"""Channel and the form of its files."""
WORKBOOK_EVERY = 5
"""Of the files of a channel with workbooks, every fifth is one; workbooks are slow to write."""
SHOWS_CLOSING = ("kuaishou", "wechat_shop", "wechat_mini", "app")
"""Channels whose export has a closing time."""
ODD_CHANNELS, ODD_EVERY = ("app", "wechat_mini"), 29
"""In one order of so many of these channels, an export in between shows a state that cannot be: a completed
order waits again, or is cancelled. The export after it shows the order as it is."""
TIMES = (
    "ordered_at",
    "paid_at",
    "promised_ship_at",
    "promised_delivery_at",
    "shipped_at",
    "signed_at",
    "completed_at",
    "closed_at",
)
MONEY = (
    "unit_price_cny",
    "line_amount_cny",
    "order_amount_cny",
    "freight_cny",
    "discount_cny",
    "paid_amount_cny",
)


def write(world: World, methods: pl.DataFrame, landing: Landing) -> None:
    """All exports of all channels; those of one evening carry one and the same time. `methods`: how each
    order is delivered."""
    shown = world.orders.join(methods, on="o", how="left", maintain_order="left")
    for i, at in enumerate(world.calendar.exports(SOURCE)):
        for channel, usual in CHANNELS.items():
            form = "csv" if usual == "xlsx" and i % WORKBOOK_EVERY != 1 else usual
            put(landing, SOURCE, f"luyue_orders_{channel}_{stamp(at)}", rows(world, shown, channel, at), form)


def put(landing: Landing, source: str, name: str, frame: pl.DataFrame, form: str) -> None:
    """Writes a frame with epoch times and fen in one of the forms; Parquet keeps types, the rest is text."""
    times = [c for c in frame.columns if c.endswith(("_at", "_from", "_to")) or c == "required_by"]
    money = [c for c in frame.columns if c.endswith("_cny")]
    if form == "parquet":
        typed = [pl.from_epoch(c, time_unit="s").cast(pl.Datetime("us")) for c in times]
        cents = [(pl.col(c).cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2)) for c in money]
        landing.parquet(source, f"{name}.parquet", frame.with_columns(*typed, *cents))
        return
    plain = frame.with_columns(
        *(text(c) for c in times),
        *((pl.col(c).cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2)).cast(pl.String) for c in money),
    )
    if form == "jsonl":
        landing.jsonl(source, f"{name}.jsonl", plain)
    elif form == "xlsx" and len(plain) <= XLSX_MAX_ROWS:
        landing.xlsx(source, f"{name}.xlsx", plain)
    else:
        landing.csv(source, f"{name}.csv", plain, "gb18030" if form == "gb18030" else "utf-8")


def state_shown(world: World, channel: str, at: int) -> pl.Expr:
    """The state of a line that an export shows: its own, but for the odd ones, in the second export that
    shows them completed: the one before and the one after it show them as they are."""
    step = EXPORT_EVERY_DAYS * DAY
    if channel not in ODD_CHANNELS or at == world.calendar.exports(SOURCE)[-1]:
        return pl.col("line_state")
    second = (pl.col("completed_at") <= at - step) & (pl.col("completed_at") > at - 2 * step)
    turn = pl.when((pl.col("state") == "completed") & second).then(pl.col("o") % ODD_EVERY)
    return (
        pl.when(turn == 0)
        .then(pl.lit("paid_pending_ship"))
        .when(turn == 1)
        .then(pl.lit("cancelled"))
        .otherwise("line_state")
    )


def rows(world: World, orders: pl.DataFrame, channel: str, at: int) -> pl.DataFrame:
    """The rows of one export, one per order line; times in epoch seconds, money in fen."""
    frame = lines_of(window(orders, channel, at), world.lines, world.skus, at)
    frame = frame.with_columns(line_state=state_shown(world, channel, at))
    paid = pl.col("paid_at") <= at
    closing = seen("closed_at", at) if channel in SHOWS_CLOSING else pl.lit(None, pl.Int64)
    return frame.select(
        "channel",
        "shop_id",
        "channel_order_id",
        pl.concat_str("channel_order_id", pl.lit("-"), "n").alias("channel_line_id"),
        pl.col("line_state").alias("status_raw"),
        pl.col("line_state").alias("status"),
        pl.col("sku_code").alias("channel_sku_code"),
        pl.col("title").alias("product_name"),
        "spec",
        "quantity",
        pl.col("unit_price").alias("unit_price_cny"),
        pl.col("line_amount").alias("line_amount_cny"),
        (pl.col("goods") + pl.col("freight")).alias("order_amount_cny"),
        pl.col("freight").alias("freight_cny"),
        pl.col("discount").alias("discount_cny"),
        pl.when(paid).then("paid_amount").otherwise(0).alias("paid_amount_cny"),
        "buyer_account",
        "unionid",
        "openid",
        pl.col("w_name").alias("receiver_name"),
        pl.col("w_phone").alias("receiver_phone"),
        pl.col("w_province").alias("receiver_province"),
        pl.col("w_city").alias("receiver_city"),
        pl.col("w_district").alias("receiver_district"),
        pl.col("w_address").alias("receiver_address"),
        "ordered_at",
        seen("paid_at", at).alias("paid_at"),
        pl.when(paid).then("promised_ship_at"),
        pl.when(paid).then("promised_delivery_at"),
        seen("line_ship_at", at).alias("shipped_at"),
        seen("shown_signed_at", at).alias("signed_at"),
        seen("completed_at", at).alias("completed_at"),
        closing.alias("closed_at"),
        "delivery_method",
        pl.col("line_carrier").alias("carrier"),
        pl.col("line_waybill").alias("waybill_no"),
        "pay_id",
        pl.col("warehouse").alias("warehouse_code"),
    )
