"""The merchant's own incremental feeds: events, cases, requests, offers, after-sales, ledger, surveys,
routing, listings.

A file holds what is new or changed in the last four days, in its state of then.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dagster_project.demo import pool
from dagster_project.demo.clock import DAY, FEED_WINDOW, HOUR, changed_within, seen, stamp
from dagster_project.demo.exports.luyue_orders import put
from dagster_project.demo.exports.writing import Landing
from dagster_project.demo.words import STORES, WAREHOUSES
from dagster_project.demo.world import World

REFUND_STATE = (
    pl.when(pl.col("refunded_at").is_not_null())
    .then(pl.lit("refunded"))
    .when(pl.col("agreed_at").is_not_null())
    .then(pl.lit("processing"))
    .otherwise(pl.lit("requested"))
)


@dataclass(frozen=True)
class Feed:
    """One feed: its rows, the times that make a row new (the first one makes it exist), columns known
    only later."""

    name: str
    rows: pl.DataFrame
    times: tuple[str, ...]
    later: tuple[tuple[str, str], ...] = ()
    """(column, time): the column is empty before that time."""
    forms: tuple[str, ...] = ("csv",)
    every: int = 3


def write(world: World, feed: Feed, landing: Landing) -> None:
    """All files of a feed; the forms take turns."""
    source = f"luyue_{feed.name}"
    window = FEED_WINDOW + (feed.every - 3) * DAY
    for i, at in enumerate(world.calendar.exports(source, feed.every)):
        name = f"{source}_{stamp(at)}"
        put(landing, source, name, state(feed, at, window), feed.forms[i % len(feed.forms)])


def state(feed: Feed, at: int, window: int) -> pl.DataFrame:
    """The rows of one file as of `at`."""
    frame = changed_within(feed.rows, list(feed.times), at, window)
    hidden = [pl.when(pl.col(time) <= at).then(pl.col(column)).alias(column) for column, time in feed.later]
    frame = frame.with_columns(hidden).with_columns(seen(c, at).alias(c) for c in feed.times)
    if feed.name == "aftersales":
        frame = frame.with_columns(status_raw=REFUND_STATE, status=REFUND_STATE)
    return frame.drop("o", strict=False)


def care_feeds(tables: dict[str, pl.DataFrame]) -> list[Feed]:
    """The feeds about orders, from the tables of `care.py` and `events.py`."""
    return [
        Feed("order_events", tables["events"], ("received_at",), forms=("jsonl",)),
        Feed(
            "anomaly_cases",
            tables["cases"],
            ("detected_at", "resolved_at"),
            (("resolution", "resolved_at"),),
            ("csv", "gb18030"),
        ),
        Feed(
            "change_requests",
            tables["changes"],
            ("requested_at", "decided_at"),
            (("outcome", "decided_at"), ("failure_reason", "decided_at")),
            ("csv", "xlsx"),
        ),
        Feed(
            "sla_offers",
            tables["offers"],
            ("offered_at", "responded_at"),
            (("response", "responded_at"),),
            ("csv", "parquet"),
            every=6,
        ),
        Feed(
            "aftersales",
            tables["aftersales"],
            ("requested_at", "agreed_at", "refunded_at", "returned_at"),
            forms=("csv", "gb18030"),
        ),
        Feed("fund_entries", ledger(tables["orders"]), ("occurred_at",), forms=("csv", "jsonl"), every=6),
        Feed("surveys", tables["surveys"], ("responded_at",), forms=("csv",), every=6),
        Feed("routing_decisions", routing(tables["orders"]), ("decided_at",), forms=("jsonl",), every=6),
    ]


def ledger(orders: pl.DataFrame) -> pl.DataFrame:
    """Income at completion, refunds as negative amounts, a penalty where shipping was late on 拼多多."""
    income = orders.filter(pl.col("completed_at").is_not_null() & (pl.col("channel") != "pos")).select(
        "channel",
        "channel_order_id",
        "o",
        entry_type=pl.lit("income"),
        amount_cny="paid_amount",
        occurred_at="completed_at",
        remark=pl.lit("货款结算"),
    )
    refund = orders.filter(pl.col("refunded_at").is_not_null()).select(
        "channel",
        "channel_order_id",
        "o",
        entry_type=pl.lit("refund"),
        amount_cny=-pl.col("paid_amount"),
        occurred_at="refunded_at",
        remark=pl.lit("订单退款"),
    )
    late = orders.filter(
        (pl.col("channel") == "pinduoduo") & (pl.col("ship_at") > pl.col("promised_ship_at"))
    ).select(
        "channel",
        "channel_order_id",
        "o",
        entry_type=pl.lit("penalty"),
        amount_cny=pl.lit(-300, pl.Int64),
        occurred_at=pl.col("ship_at") + HOUR,
        remark=pl.lit("延迟发货扣违约金"),
    )
    every = pl.concat([income, refund, late], how="vertical_relaxed").sort("occurred_at", "o", "entry_type")
    number = (pl.int_range(pl.len()) * 3 + 900_000_001).cast(pl.String)
    return every.select(
        "channel",
        pl.concat_str(pl.lit("FE"), number).alias("entry_id"),
        "channel_order_id",
        "entry_type",
        "amount_cny",
        "occurred_at",
        "remark",
    )


def routing(orders: pl.DataFrame) -> pl.DataFrame:
    """The warehouse recommended and assigned for a quarter of the paid orders; one in nine is overridden."""
    asked = orders.filter(
        pl.col("paid_at").is_not_null() & (pl.col("channel") != "pos") & (pl.col("o") % 4 == 0)
    )
    codes = [code for code, _, _ in WAREHOUSES]
    following = pl.col("warehouse").replace_strict(dict(zip(codes, codes[1:] + codes[:1], strict=True)))
    moved = pl.col("o") % 9 == 0
    candidate = '{"warehouse_code":"'
    return asked.select(
        pl.concat_str(pl.lit("RD"), (pl.col("o").cast(pl.Int64) * 3 + 100_001).cast(pl.String)).alias(
            "decision_id"
        ),
        "channel",
        "channel_order_id",
        decided_at=pl.col("paid_at") + 120,
        candidates=pl.concat_str(
            pl.lit("[" + candidate),
            "warehouse",
            pl.lit('","score":0.91},' + candidate),
            following,
            pl.lit('","score":0.74}]'),
        ),
        recommended_warehouse=pl.when(moved).then(following).otherwise("warehouse"),
        assigned_warehouse="warehouse",
        override_reason=pl.when(moved).then(pl.lit("库存不足")),
        factors=pl.lit('{"distance":0.6,"stock":0.4}'),
        correct_warehouse=pl.when(pl.col("o") % 8 == 0).then("warehouse"),
    ).sort("decided_at", "decision_id")


def listings(world: World) -> Feed:
    """What shops show of our stock: a change a week, channel and SKU, shown seconds or minutes later."""
    rng = world.calendar.rng("listings")
    shops = (
        world.orders.filter(pl.col("channel") != "pos").select("channel", "shop_id").unique().sort("channel")
    )
    weeks = pl.DataFrame({"week": range(max(1, world.calendar.days // 7))})
    frame = shops.join(world.skus.select("sku_code"), how="cross").join(weeks, how="cross")
    n = len(frame)
    changed = world.calendar.start + pl.col("week") * 7 * DAY + pl.Series(rng.integers(0, 6 * DAY, n))
    frame = frame.with_columns(listed_qty=pl.Series(rng.integers(0, 40, n)), changed_at=changed)
    lag = pl.Series((rng.lognormal(2.0, 1.0, n)).astype(int))
    frame = frame.with_columns(synced_at=pl.col("changed_at") + lag).filter(
        pl.col("synced_at") <= world.calendar.freeze
    )
    rows = frame.sort("changed_at", "channel", "sku_code").drop("week")
    return Feed("channel_listings", rows, ("synced_at", "changed_at"), forms=("parquet", "csv"), every=6)


def statuses(world: World) -> Feed:
    """Warehouses, stores and riders report their load every four hours; the rest of the pool more seldom."""
    rng = world.calendar.rng("statuses")
    codes = pl.DataFrame(
        {"resource_code": [c for c, _, _ in (*WAREHOUSES, *STORES)] + [f"RD-{i:03d}" for i in range(1, 21)]}
    )
    steps = pl.DataFrame({"step": range(world.calendar.days * 6)})
    frame = codes.join(steps, how="cross").with_columns(
        observed_at=world.calendar.start
        + pl.col("step") * 4 * HOUR
        + pl.Series(rng.integers(0, HOUR, len(codes) * len(steps)))
    )
    frame = frame.with_columns(
        received_at=pl.col("observed_at") + pl.Series(rng.lognormal(1.5, 0.8, len(frame)).astype(int)),
        load=pl.Series(rng.beta(3, 3, len(frame)).round(2)),
        available=pl.lit("true"),
    )
    rows = (
        pl.concat([frame.drop("step"), pool.statuses(world.calendar)], how="diagonal_relaxed")
        .filter(pl.col("received_at") <= world.calendar.freeze)
        .sort("received_at", "resource_code")
    )
    return Feed("resource_status", rows, ("received_at",), forms=("csv",), every=6)
