"""What was promised for each order, when it fell due and when it was kept: part 1 of the index, from
the true world."""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import HOUR, Calendar
from dagster_project.demo.words import DEFAULT_SHIP_HOURS


def judge(calendar: Calendar, orders: pl.DataFrame) -> pl.DataFrame:
    """`orders` (with ended_at) with promise_kind, promise_due_at, promise_met_at, is_on_time.

    is_on_time is null outside the population: not paid, at the till, not due by as_of, or over before
    it fell due.
    """
    bound = pl.col("paid_at").is_not_null() & (pl.col("channel") != "pos")
    by_delivery, by_ship = (
        pl.col("promised_delivery_at").is_not_null(),
        pl.col("promised_ship_at").is_not_null(),
    )
    kind = (
        pl.when(by_delivery)
        .then(pl.lit("delivery"))
        .when(by_ship)
        .then(pl.lit("ship"))
        .otherwise(pl.lit("default"))
    )
    default = pl.col("paid_at") + DEFAULT_SHIP_HOURS * HOUR
    due = pl.coalesce("promised_delivery_at", "promised_ship_at", default)
    signed = pl.when("with_waybill").then("signed_at").otherwise("shown_signed_at")
    frame = orders.with_columns(
        promise_kind=pl.when(bound).then(kind),
        promise_due_at=pl.when(bound).then(due),
        promise_met_at=pl.when(bound).then(pl.when(by_delivery).then(signed).otherwise("ship_at")),
    )
    over = (pl.col("ended_at") < pl.col("promise_due_at")).fill_null(False)
    counts = bound & (pl.col("promise_due_at") <= calendar.as_of) & ~over
    kept = (pl.col("promise_met_at") <= pl.col("promise_due_at")).fill_null(False)
    return frame.with_columns(is_on_time=pl.when(counts).then(kept))
