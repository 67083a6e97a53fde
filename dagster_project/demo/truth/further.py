"""The KPIs beside the index as numerators and denominators by day, all and by channel.

Of the cut-off alone are waiting_anxiety_minutes and high_value_churn_risk_rate. Amounts are in fen. Not
worked out: match quality, which is about the project itself.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import DAY, HOUR, Calendar
from dagster_project.demo.exports import feeds, masters
from dagster_project.demo.truth import officer
from dagster_project.demo.truth.kpis import facts
from dagster_project.demo.truth.observations import event_lags, listing_lags, position_lags
from dagster_project.demo.world import World

NO_WAREHOUSE = ("taobao", "pos")
"""Channels whose exports do not say which warehouse sends."""
RESPONSE_HOURS = 4
RISK_DAYS = 30
EVENT_LIMIT, LISTING_LIMIT, POSITION_LIMIT = 90, 32, 15
"""Seconds."""
PARCEL_FEN = 1_800
"""Freight of a parcel wrongly held to cross provinces."""
HIGH_FEN, MEDIUM_FEN = 300_000, 50_000
"""From this amount paid a customer is of the high or the medium tier."""
WEIGHTS = {"high": 3, "medium": 2, "low": 1}
RULE_BELOW_FEN, RULE_FIXED_FEN, RULE_CAP_FEN = 30_000, 300, 3_000
"""拼多多 late shipment: 3 CNY under 300 CNY, else 1 % and at most 30 CNY."""


def table(world: World, tables: dict[str, pl.DataFrame], records: pl.DataFrame) -> pl.DataFrame:
    """kpi, day, channel, numerator, denominator. `records` are those of truth/records.parquet."""
    orders, calendar = tables["orders"], world.calendar
    every = pl.concat(
        [
            *_orders(orders, tables["anomalies"], world.lines),
            *_care(calendar, tables),
            *_routing(orders),
            *_parcels(orders),
            *_lags(world, tables["events"]),
            *_penalties(calendar, orders),
            *_cut_off(calendar, orders, tables["offers"]),
            *officer.figures(world, tables, tiers(orders)),
            _unified(records),
        ],
        how="vertical_relaxed",
    )
    day = (pl.col("at") // DAY).cast(pl.Int32).cast(pl.Date)
    counted = every.group_by("kpi", "channel", day=day).agg(pl.col("numerator", "denominator").sum())
    return counted.select("kpi", "day", "channel", "numerator", "denominator").sort("kpi", "day", "channel")


def _orders(orders: pl.DataFrame, anomalies: pl.DataFrame, lines: pl.DataFrame) -> list[pl.DataFrame]:
    paid = orders.filter(pl.col("paid_at").is_not_null())
    due = orders.filter(pl.col("is_on_time").is_not_null())
    by_delivery = pl.col("promise_kind") == "delivery"
    bought = lines.select("o").join(paid.select("o", "channel", "paid_at"), on="o")
    return [
        facts(paid, "order_anomaly_rate", "paid_at", pl.col("o").is_in(anomalies["o"].implode())),
        facts(due.filter(by_delivery), "on_time_delivery_rate", "promise_due_at", pl.col("is_on_time")),
        facts(due.filter(~by_delivery), "on_time_ship_rate", "promise_due_at", pl.col("is_on_time")),
        facts(bought, "oversell_rate", "paid_at", pl.lit(value=False)),
    ]


def _care(calendar: Calendar, tables: dict[str, pl.DataFrame]) -> list[pl.DataFrame]:
    decided = tables["changes"].filter(
        (pl.col("request_type") == "intercept_return") & pl.col("decided_at").is_not_null()
    )
    cases = tables["aftersales"].filter(pl.col("requested_at") <= calendar.as_of)
    in_time = pl.col("agreed_at") <= pl.col("requested_at") + RESPONSE_HOURS * HOUR
    score = pl.col("score")
    vote = pl.when(score >= 9).then(1).when(score <= 6).then(-1).otherwise(0)
    return [
        facts(decided, "return_interception_rate", "requested_at", pl.col("outcome") == "succeeded"),
        facts(cases, "refund_response_4h_rate", "requested_at", in_time),
        facts(
            cases, "refund_before_deadline_rate", "requested_at", pl.col("agreed_at") <= pl.col("deadline_at")
        ),
        facts(tables["surveys"], "nps", "responded_at", vote),
    ]


def _routing(orders: pl.DataFrame) -> list[pl.DataFrame]:
    decisions = feeds.routing(orders)
    labelled = decisions.filter(pl.col("correct_warehouse").is_not_null())
    is_right = pl.col("assigned_warehouse") == pl.col("correct_warehouse")
    is_other = pl.col("assigned_warehouse") != pl.col("recommended_warehouse")
    return [
        facts(labelled, "routing_accuracy", "decided_at", is_right),
        facts(decisions, "override_rate", "decided_at", is_other),
    ]


def _parcels(orders: pl.DataFrame) -> list[pl.DataFrame]:
    """Parcels of which warehouse and both provinces are known: crossing by the text, but not in truth."""
    home = masters.warehouse_provinces()
    sent = orders.filter(pl.col("paid_at").is_not_null() & (pl.col("channel") != "pos"))
    routed = feeds.routing(orders).select("channel", "channel_order_id", is_routed=pl.lit(value=True))
    sent = sent.join(routed, on=["channel", "channel_order_id"], how="left")
    sent = sent.filter(~pl.col("channel").is_in(list(NO_WAREHOUSE)) | pl.col("is_routed"))
    judged = sent.filter(pl.col("adcode").is_not_null()).join(home, on="warehouse", how="left")
    said = pl.col("warehouse_province")
    is_wrong = (pl.col("province_written") != said) & (pl.col("province") == said)
    return [
        facts(judged, "wrongly_cross_province_rate", "paid_at", is_wrong),
        facts(judged, "wrongly_cross_province_cny", "paid_at", is_wrong.cast(pl.Int64) * PARCEL_FEN),
    ]


def _lags(world: World, events: pl.DataFrame) -> list[pl.DataFrame]:
    riders = facts(
        position_lags(world), "position_lag_over_15s_rate", "began_at", pl.col("seconds") > POSITION_LIMIT
    )
    return [
        facts(event_lags(events), "sync_lag_over_90s_rate", "began_at", pl.col("seconds") > EVENT_LIMIT),
        facts(
            listing_lags(world),
            "stock_sync_lag_over_32s_rate",
            "began_at",
            pl.col("seconds") > LISTING_LIMIT,
        ),
        riders.filter(pl.col("channel") == "all"),
    ]


def _penalties(calendar: Calendar, orders: pl.DataFrame) -> list[pl.DataFrame]:
    promise = pl.col("promised_ship_at")
    late = orders.filter(
        (pl.col("channel") == "pinduoduo")
        & pl.col("promise_kind").is_not_null()
        & (promise < calendar.as_of)
        & (pl.col("ship_at") > promise).fill_null(value=True)
        & (pl.col("ended_at") > promise).fill_null(value=True)
    )
    share = pl.min_horizontal((pl.col("paid_amount") + 50) // 100, RULE_CAP_FEN)
    fen = pl.when(pl.col("paid_amount") < RULE_BELOW_FEN).then(RULE_FIXED_FEN).otherwise(share)
    taken = feeds.ledger(orders).filter(pl.col("entry_type") == "penalty")
    return [
        facts(late, "penalty_by_rule_cny", "promised_ship_at", fen),
        facts(taken, "penalty_as_charged_cny", "occurred_at", -pl.col("amount_cny")),
    ]


def tiers(orders: pl.DataFrame) -> pl.DataFrame:
    """owner, tier, spent (fen): of what was paid and not closed."""
    stays = pl.col("paid_at").is_not_null() & pl.col("closed_at").is_null()
    spent = orders.filter(pl.col("owner").is_not_null()).group_by("owner")
    sums = spent.agg(spent=pl.when(stays).then("paid_amount").otherwise(0).sum())
    amount = pl.col("spent")
    tier = (
        pl.when(amount >= HIGH_FEN)
        .then(pl.lit("high"))
        .when(amount >= MEDIUM_FEN)
        .then(pl.lit("medium"))
        .when(amount > 0)
        .then(pl.lit("low"))
        .otherwise(pl.lit("none"))
    )
    return sums.with_columns(tier=tier)


def _cut_off(calendar: Calendar, orders: pl.DataFrame, offers: pl.DataFrame) -> list[pl.DataFrame]:
    now, worth = calendar.as_of, tiers(orders)
    renewed = offers.filter(pl.col("response") == "accepted").group_by("o").agg(pl.col("promised_at").max())
    waiting = orders.filter(
        pl.col("promise_due_at").is_not_null()
        & pl.col("promise_met_at").is_null()
        & pl.col("ended_at").is_null()
    )
    waiting = waiting.join(renewed, on="o", how="left").join(worth, on="owner", how="left")
    last = pl.max_horizontal("promise_due_at", "promised_at")
    weight = pl.col("tier").replace_strict(WEIGHTS, default=1, return_dtype=pl.Int64)
    waiting = waiting.with_columns(at=pl.lit(now), weight=weight)
    minutes = ((now - last) // 60).clip(lower_bound=0) * pl.col("weight")
    anxiety = facts(waiting, "waiting_anxiety_minutes", "at", minutes).drop("denominator")
    weights = facts(waiting, "waiting_anxiety_minutes", "at", pl.col("weight"))["numerator"]
    broken = (
        orders.filter(~pl.col("is_on_time")).group_by("owner").agg(broken_at=pl.col("promise_due_at").max())
    )
    ordered = orders.group_by("owner").agg(pl.col("ordered_at").max())
    high = worth.filter(pl.col("tier") == "high").join(broken, on="owner", how="left")
    high = high.join(ordered, on="owner", how="left").with_columns(at=pl.lit(now), channel=pl.lit(""))
    at_risk = (pl.col("broken_at") + RISK_DAYS * DAY >= now) & (pl.col("ordered_at") <= pl.col("broken_at"))
    churn = facts(high, "high_value_churn_risk_rate", "at", at_risk.fill_null(value=False))
    return [anxiety.with_columns(denominator=weights), churn.filter(pl.col("channel") == "all")]


def _unified(records: pl.DataFrame) -> pl.DataFrame:
    mine = records.filter(pl.col("role") == "owner")
    mine = mine.with_columns(
        at=pl.col("occurred_at").dt.epoch("s"), channel=pl.col("channel").fill_null("unknown")
    )
    return facts(mine, "unification_rate", "at", pl.len().over("person_id") > 1)
