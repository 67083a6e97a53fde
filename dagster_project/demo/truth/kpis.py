"""The five parts of the index as numerators and denominators by day, week, month and total, all and by
channel."""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import DAY, HOUR, Calendar

RESOLVE_HOURS, DECIDE_HOURS = 2, 24
PARTS = (
    "on_time_fulfilment_rate",
    "anomaly_resolved_2h_rate",
    "change_success_rate",
    "cross_channel_merge_rate",
    "sla_acceptance_rate",
)


def table(calendar: Calendar, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """period, period_start (date; a week starts on Monday, the total on the first day), channel, kpi,
    numerator, denominator. Periods and channels without a population have no row."""
    every = parts(calendar, tables)
    day = (pl.col("at") // DAY).cast(pl.Int32).cast(pl.Date)
    starts = {
        "day": day,
        "week": day.dt.truncate("1w"),
        "month": day.dt.truncate("1mo"),
        "total": pl.lit(calendar.first_day),
    }
    rolled = [
        every.group_by(pl.lit(period).alias("period"), start.alias("period_start"), "channel", "kpi").agg(
            pl.col("numerator").sum(), pl.col("denominator").sum()
        )
        for period, start in starts.items()
    ]
    return pl.concat(rolled).sort("period", "period_start", "channel", "kpi")


def parts(calendar: Calendar, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """channel (`all` too), kpi, at, numerator, denominator: all that counts in the five parts."""
    return pl.concat(
        [
            on_time(tables["orders"]),
            resolved(calendar, tables["anomalies"]),
            changed(calendar, tables["changes"]),
            merged(tables["members"], tables["groups"]),
            accepted(calendar, tables["offers"]),
        ],
        how="vertical_relaxed",
    )


def facts(frame: pl.DataFrame, kpi: str, at: str, success: pl.Expr) -> pl.DataFrame:
    """One row per counted thing, and one more under the channel `all`."""
    one = frame.select(
        "channel",
        pl.lit(kpi).alias("kpi"),
        pl.col(at).alias("at"),
        numerator=success.cast(pl.Int64),
        denominator=pl.lit(1, pl.Int64),
    )
    return pl.concat([one, one.with_columns(channel=pl.lit("all"))])


def on_time(orders: pl.DataFrame) -> pl.DataFrame:
    due = orders.filter(pl.col("is_on_time").is_not_null())
    return facts(due, PARTS[0], "promise_due_at", pl.col("is_on_time"))


def resolved(calendar: Calendar, anomalies: pl.DataFrame) -> pl.DataFrame:
    limit = pl.col("detected_at") + RESOLVE_HOURS * HOUR
    ripe = anomalies.filter(limit <= calendar.as_of)
    return facts(ripe, PARTS[1], "detected_at", (pl.col("resolved_at") <= limit).fill_null(False))


def changed(calendar: Calendar, changes: pl.DataFrame) -> pl.DataFrame:
    asked = changes.filter(pl.col("initiator") == "customer")
    old = pl.col("requested_at") + DECIDE_HOURS * HOUR < calendar.as_of
    ripe = asked.filter(
        (pl.col("decided_at").is_not_null() | old) & (pl.col("outcome") != "withdrawn").fill_null(True)
    )
    return facts(ripe, PARTS[2], "requested_at", (pl.col("outcome") == "succeeded").fill_null(False))


def merged(members: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Each group counts with all its orders: once for `all`, once for each channel that has an order in
    it."""
    weight = groups.select("group", "size", "first_paid_at", "is_merged")
    seats = members.select("group", "channel").unique()
    seats = pl.concat([seats, groups.select("group", channel=pl.lit("all"))]).join(weight, on="group")
    size = pl.col("size").cast(pl.Int64)
    return seats.select(
        "channel",
        pl.lit(PARTS[3]).alias("kpi"),
        pl.col("first_paid_at").alias("at"),
        numerator=pl.when("is_merged").then(size).otherwise(0),
        denominator=size,
    )


def accepted(calendar: Calendar, offers: pl.DataFrame) -> pl.DataFrame:
    ripe = offers.filter(pl.col("response").is_not_null() | (pl.col("expires_at") <= calendar.as_of))
    return facts(ripe, PARTS[4], "offered_at", (pl.col("response") == "accepted").fill_null(False))
