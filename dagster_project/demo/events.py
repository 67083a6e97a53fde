"""What systems push about orders as it happens: the feed `order_events`, some pushes hours or days late.

The times are those of the world; only receiving lags. Merges name all orders that travel together, or
only some.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.demo.clock import DAY, HOUR, Calendar

DETAIL_SHARE = 0.35
"""Share of the orders whose inner steps (locking, picking, outbound) are pushed too."""
LATE_SHARE, VERY_LATE_SHARE = 0.04, 0.006
STEPS = {"order_created": "ordered_at", "payment_succeeded": "paid_at", "order_shipped": "ship_at"}
DETAILS = {
    "inventory_locked": ("paid_at", 90),
    "order_released_to_wms": ("paid_at", 400),
    "delivered_signed": ("signed_at", 0),
    "order_completed": ("completed_at", 0),
}
NEEDED = [
    "o",
    "channel",
    "channel_order_id",
    "ordered_at",
    "paid_at",
    "ship_at",
    "signed_at",
    "completed_at",
    "closed_at",
    "refunded_at",
    "partly_refunded_at",
    "close_kind",
    "has_event",
    "burst",
    "burst_kind",
    "step",
]


def build(calendar: Calendar, orders: pl.DataFrame) -> pl.DataFrame:
    """event_id, o, channel, channel_order_id, event_code, occurred_at, received_at, source_system,
    payload."""
    rng = calendar.rng("events")
    live = orders.select(NEEDED).filter(pl.col("channel") != "pos")
    told = live.filter(pl.Series(rng.random(len(live)) < DETAIL_SHARE))
    ends = live.filter("has_event")
    parts = [_take(live, code, pl.col(column)) for code, column in STEPS.items()]
    parts += [_take(told, code, pl.col(column) + wait) for code, (column, wait) in DETAILS.items()]
    parts += [
        _take(
            told,
            "outbound_confirmed",
            pl.when(pl.col("channel") == "jd").then("ship_at").otherwise(pl.col("ship_at") - 300),
        )
    ]
    parts += [
        _take(ends.filter(pl.col("close_kind") == "unpaid"), "payment_timeout_closed", pl.col("closed_at"))
    ]
    parts += [
        _take(ends.filter(pl.col("refunded_at").is_not_null()), "refund_succeeded", pl.col("refunded_at"))
    ]
    partial = _take(live, "refund_succeeded", pl.col("partly_refunded_at"))
    parts += [partial.with_columns(channel_line_id=pl.concat_str("channel_order_id", pl.lit("-1")))]
    parts += [merges(live)]
    frame = pl.concat(parts, how="diagonal_relaxed").filter(pl.col("occurred_at") <= calendar.freeze)
    frame = frame.sort("occurred_at", "o", "event_code")
    n = len(frame)
    lag = rng.lognormal(2.2, 0.9, n)
    lag = np.where(rng.random(n) < LATE_SHARE, rng.integers(91, 3 * HOUR, n), lag)
    lag = np.where(rng.random(n) < VERY_LATE_SHARE, rng.integers(DAY, 5 * DAY, n), lag).astype(int)
    tells_end = pl.col("event_code").is_in(
        ["refund_succeeded", "payment_timeout_closed", "order_split_merged"]
    )
    received = pl.col("occurred_at") + pl.Series(lag)
    frame = frame.with_columns(
        received_at=pl.when(tells_end).then(pl.min_horizontal(received, calendar.freeze)).otherwise(received)
    )
    number = (pl.int_range(pl.len()) * 3 + 10_000_001).cast(pl.String)
    return frame.filter(pl.col("received_at") <= calendar.freeze).select(
        pl.concat_str(pl.lit("EV"), number).alias("event_id"),
        "o",
        "channel",
        "channel_order_id",
        "channel_line_id",
        "event_code",
        "occurred_at",
        "received_at",
        source_system=pl.lit("oms"),
        payload="payload",
    )


def _take(orders: pl.DataFrame, code: str, moment: pl.Expr) -> pl.DataFrame:
    frame = orders.select("o", "channel", "channel_order_id", event_code=pl.lit(code), occurred_at=moment)
    return frame.filter(pl.col("occurred_at").is_not_null())


def merges(orders: pl.DataFrame) -> pl.DataFrame:
    """`order_split_merged` on the orders of a burst: on all of them with all names, or not quite."""
    some = pl.col("burst_kind").is_in(["events", "partial_events"])
    group = (
        orders.filter(some)
        .sort("burst", "step")
        .with_columns(
            size=pl.len().over("burst"),
            last=pl.col("paid_at").max().over("burst"),
            name=pl.struct("channel", "channel_order_id").struct.json_encode(),
        )
    )
    names = group.group_by("burst", maintain_order=True).agg(
        pl.col("name"), pl.col("name").head(1).alias("few")
    )
    group = group.join(names.rename({"name": "names"}), on="burst", how="left", maintain_order="left")
    partial = pl.col("burst_kind") == "partial_events"
    too_few = partial & (pl.col("burst") % 2 == 0)
    told = pl.when(too_few).then(pl.col("few").list.join(",")).otherwise(pl.col("names").list.join(","))
    missing = partial & (pl.col("burst") % 2 == 1) & (pl.col("step") == pl.col("size") - 1)
    return group.filter(~missing).select(
        "o",
        "channel",
        "channel_order_id",
        event_code=pl.lit("order_split_merged"),
        occurred_at=pl.col("last") + 1200,
        payload=pl.concat_str(pl.lit('{"action":"merge","orders":['), told, pl.lit("]}")),
    )
