"""Single observations of the simulated world: how late events, stock and positions were known, hours between
the steps of an order, minutes from its promise, what became of an offer. No percentile is worked out here.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import DAY, HOUR
from dagster_project.demo.exports import feeds
from dagster_project.demo.world import World

STAGES = {
    "ordered_to_paid": ("ordered_at", "paid_at"),
    "shipped_to_picked_up": ("ship_at", "picked_up_at"),
    "picked_up_to_signed": ("picked_up_at", "shown"),
    "signed_to_completed": ("shown", "completed_at"),
    "ordered_to_completed": ("ordered_at", "completed_at"),
}
"""The stages whose two ends every merchant's exports show, and the world's columns of the ends."""

REFUND_STAGES = {"refund_requested_to_agreed": "agreed_at", "refund_requested_to_refunded": "refunded_at"}
"""The stages of a refund, from its request, and the column of the end."""


def lags(world: World, events: pl.DataFrame) -> pl.DataFrame:
    """kind, channel, event_code, day, seconds: one row an observation."""
    every = pl.concat(
        [
            event_lags(events).with_columns(kind=pl.lit("order_event")),
            listing_lags(world).with_columns(kind=pl.lit("stock_listing"), event_code=pl.lit("all")),
            position_lags(world).with_columns(kind=pl.lit("rider_position"), event_code=pl.lit("all")),
        ],
        how="diagonal_relaxed",
    )
    return every.select("kind", "channel", "event_code", "seconds", day=_day("began_at"))


def event_lags(events: pl.DataFrame) -> pl.DataFrame:
    """channel, event_code, began_at, seconds of each pushed event."""
    lag = pl.col("received_at") - pl.col("occurred_at")
    return events.select("channel", "event_code", seconds=lag, began_at="occurred_at")


def listing_lags(world: World) -> pl.DataFrame:
    """channel, began_at, seconds of each change of listed stock."""
    rows = feeds.listings(world).rows
    return rows.select("channel", seconds=pl.col("synced_at") - pl.col("changed_at"), began_at="changed_at")


def position_lags(world: World) -> pl.DataFrame:
    """channel (none: `-`), began_at, seconds of each report of a rider."""
    riders = feeds.statuses(world).rows.filter(pl.col("resource_code").str.starts_with("RD-"))
    lag = pl.col("received_at") - pl.col("observed_at")
    return riders.select(channel=pl.lit("-"), seconds=lag, began_at="observed_at")


def stages(world: World, orders: pl.DataFrame, aftersales: pl.DataFrame) -> pl.DataFrame:
    """channel, stage, day, hours: one row an order and stage whose two ends the exports show, in order.

    An order is picked up when its last parcel was scanned, and only where its waybills are shown. Signing is
    the scan's where they are, else the export's; 京东 exports none. Of a refund, one row a case.
    """
    parcels = world.parcels.select("parcel", "picked_up_at", "last_node_at")
    bills = world.lines.select("o", "parcel").unique().filter(pl.col("parcel").is_not_null())
    scanned = (
        bills.join(parcels, on="parcel", how="left")
        .group_by("o")
        .agg(
            pl.when(pl.col("picked_up_at").is_not_null().all()).then(pl.col("picked_up_at").max()),
        )
    )
    exported = pl.when(pl.col("channel") != "jd").then("shown_signed_at")
    signed = pl.when("with_waybill").then("signed_at").otherwise(exported)
    sent = orders.filter(pl.col("channel") != "pos").drop("picked_up_at", strict=False)
    sent = sent.join(scanned, on="o", how="left").with_columns(shown=signed)
    parts = [
        sent.filter(pl.col(end) >= pl.col(begin)).select(
            "channel",
            stage=pl.lit(stage),
            day=_day(end),
            hours=(pl.col(end) - pl.col(begin)) / HOUR,
        )
        for stage, (begin, end) in STAGES.items()
    ]
    parts += [
        aftersales.filter(pl.col(end) <= world.calendar.as_of).select(
            "channel",
            stage=pl.lit(stage),
            day=_day(end),
            hours=(pl.col(end) - pl.col("requested_at")) / HOUR,
        )
        for stage, end in REFUND_STAGES.items()
    ]
    return pl.concat(parts)


def promises(orders: pl.DataFrame) -> pl.DataFrame:
    """channel, kind, day, is_on_time, minutes (late; early if negative; null while unmet) of promises due."""
    due = orders.filter(pl.col("is_on_time").is_not_null())
    late = (pl.col("promise_met_at") - pl.col("promise_due_at")) / 60
    return due.select("channel", "is_on_time", kind="promise_kind", day=_day("promise_due_at"), minutes=late)


def negotiations(world: World, offers: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """channel, option_code, day, is_counted, is_accepted, cost (fen), load, is_kept of each offer.

    The load is the rider's newest report up to a day before; is_kept is null where the new promise is not
    due, or the order was over by then.
    """
    now = world.calendar.as_of
    reports = feeds.statuses(world).rows.select("resource_code", "observed_at", "load").sort("observed_at")
    loaded = offers.sort("offered_at").join_asof(
        reports,
        left_on="offered_at",
        right_on="observed_at",
        by="resource_code",
        strategy="backward",
        tolerance=DAY,
        check_sortedness=False,  # both are sorted, which Polars cannot see group by group and warns of
    )
    exported = pl.when(pl.col("channel") != "jd").then("shown_signed_at")
    signed = pl.when("with_waybill").then("signed_at").otherwise(exported)
    loaded = loaded.join(orders.select("o", "ended_at", signed=signed), on="o", how="left")
    accepted = (pl.col("response") == "accepted").fill_null(value=False)
    stands = (pl.col("ended_at") >= pl.col("promised_at")).fill_null(value=True)
    kept = (pl.col("signed") <= pl.col("promised_at")).fill_null(value=False)
    return loaded.select(
        "channel",
        "option_code",
        "load",
        day=_day("offered_at"),
        is_counted=pl.col("response").is_not_null() | (pl.col("expires_at") <= now),
        is_accepted=accepted,
        cost=pl.when(accepted).then("extra_cost_cny").otherwise(0),
        is_kept=pl.when(accepted & (pl.col("promised_at") <= now) & stands).then(kept),
    )


def answers(surveys: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """channel, promise (kept, broken, none due), day, vote (1, 0, -1) of each answer to a survey."""
    judged = surveys.join(orders.select("o", "is_on_time"), on="o", how="left")
    score, kept = pl.col("score"), pl.col("is_on_time")
    return judged.select(
        "channel",
        promise=pl.when(kept)
        .then(pl.lit("kept"))
        .when(~kept)
        .then(pl.lit("broken"))
        .otherwise(pl.lit("none due")),
        day=_day("responded_at"),
        vote=pl.when(score >= 9).then(1).when(score <= 6).then(-1).otherwise(0),
    )


def _day(at: str) -> pl.Expr:
    return (pl.col(at) // DAY).cast(pl.Int32).cast(pl.Date)
