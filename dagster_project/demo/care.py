"""What people do about orders: anomaly cases, change requests, SLA offers, after-sales, surveys.

Boundary cases (resolved after exactly 2 h, expired, undecided, withdrawn) come as shares of the rows.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.demo.clock import DAY, HOUR, Calendar, seen

CASE_SHARE, CHANGE_SHARE, OFFER_SHARE, SURVEY_SHARE = 0.06, 0.06, 0.05, 0.04
CASED_OF_DERIVED = 0.55
PRESS_SHARE = 0.2
"""Of broken promises, those for which the customer asks to expedite."""
CASE_CODES = (
    "inventory_lock_failed",
    "stock_out_reported",
    "delivery_exception",
    "refund_requested",
    "risk_review_hold",
    "ship_overdue",
    "pickup_timeout",
    "aftersale_escalated",
    "payment_amount_mismatch",
)
CHANGE_TYPES = (
    "change_address",
    "expedite",
    "freeze_refund",
    "reschedule",
    "split_order",
    "intercept_return",
)
OFFER_OPTIONS = (
    ("next_day_paid", "next_day", 800, "none"),
    ("free_upgrade", "next_day", 0, "free_shipping_upgrade"),
    ("wait_points", "standard", 0, "points"),
    ("wait_coupon", "standard", 0, "coupon"),
)
RIDERS = 20
"""Who may be asked to deliver sooner; masters.py and feeds.py know as many."""
RETURN_TIME = DAY
"""From the refund until the goods stand in the warehouse again."""
NEVER = -1


def _picked(
    calendar: Calendar, topic: str, orders: pl.DataFrame, share: float
) -> tuple[np.random.Generator, pl.DataFrame]:
    rng = calendar.rng(topic)
    names = ["o", "channel", "channel_order_id", "paid_at", "signed_at"]
    able = orders.select(names).filter(pl.col("paid_at").is_not_null() & (pl.col("channel") != "pos"))
    return rng, able.filter(pl.Series(rng.random(len(able)) < share))


def _finish(
    calendar: Calendar, frame: pl.DataFrame, prefix: str, key: str, *, first: str, times: list[str]
) -> pl.DataFrame:
    """Numbers the rows, oldest first; what had not begun at the freeze goes, what had not ended has no
    end."""
    known = frame.with_columns(
        pl.when((pl.col(c) != NEVER) & (pl.col(c) <= calendar.freeze)).then(c).alias(c) for c in times
    )
    known = known.filter(pl.col(first) <= calendar.freeze).sort(first, "o")
    number = (pl.int_range(pl.len()) * 7 + 100_001).cast(pl.String)
    return known.select(pl.concat_str(pl.lit(prefix), number).alias(key), pl.all())


def cases(calendar: Calendar, orders: pl.DataFrame, derived: pl.DataFrame) -> pl.DataFrame:
    """case_id, o, channel, channel_order_id, event_code, detected_at, resolved_at, resolution, owner_role."""
    rng, chosen = _picked(calendar, "cases", orders, CASE_SHARE)
    own = chosen.with_columns(
        event_code=pl.Series(rng.choice(np.array(CASE_CODES), len(chosen))),
        detected_at=pl.col("paid_at") + pl.Series(rng.integers(HOUR, 3 * DAY, len(chosen))),
    )
    seen_too = derived.filter(pl.Series(rng.random(len(derived)) < CASED_OF_DERIVED))
    seen_too = seen_too.join(
        orders.select("o", "channel", "channel_order_id"), on="o", how="left", maintain_order="left"
    )
    seen_too = seen_too.with_columns(
        detected_at=pl.col("detected_at") + pl.Series(rng.integers(60, 1800, len(seen_too)))
    )
    every = pl.concat([own, seen_too], how="diagonal_relaxed").drop("resolved_at")
    took = (rng.lognormal(-0.1, 0.8, len(every)) * HOUR).astype(int) + 60
    edge = rng.choice([0, 2 * HOUR, 2 * HOUR + 1], len(every), p=[0.94, 0.04, 0.02])
    took = np.where(edge > 0, edge, took)
    never = rng.random(len(every)) < 0.07
    every = every.with_columns(
        resolved_at=pl.when(pl.Series(never)).then(NEVER).otherwise(pl.col("detected_at") + pl.Series(took)),
        resolution=pl.Series(
            rng.choice(np.array(["已联系买家改期", "已换仓补发", "已催承运商", "已退款关闭"]), len(every))
        ),
        owner_role=pl.Series(
            rng.choice(np.array(["order_ops", "warehouse", "logistics", "customer_service"]), len(every))
        ),
    )
    frame = _finish(calendar, every, "CASE", "case_id", first="detected_at", times=["resolved_at"])
    return frame.select(
        "case_id",
        "o",
        "channel",
        "channel_order_id",
        "event_code",
        "detected_at",
        "resolved_at",
        resolution=pl.when(pl.col("resolved_at").is_not_null()).then("resolution"),
        owner_role="owner_role",
    )


def _presses(calendar: Calendar, orders: pl.DataFrame) -> pl.DataFrame:
    """Customers who ask to expedite once their promise has passed, a few at the very second at which it is
    met, or one later; answered within hours, if at all."""
    rng = calendar.rng("presses")
    broken = orders.filter(~pl.col("is_on_time"))
    chosen = broken.filter(pl.Series(rng.random(len(broken)) < PRESS_SHARE))
    n = len(chosen)
    met = chosen["promise_met_at"].fill_null(NEVER).to_numpy()
    edge = np.where(met != NEVER, rng.choice([NEVER, 0, 1], n, p=[0.8, 0.1, 0.1]), NEVER)
    soon = chosen["promise_due_at"].to_numpy() + rng.integers(0, DAY, n)
    requested = np.where(edge != NEVER, met + edge, soon)
    answered = rng.random(n) < 0.7
    return chosen.select("o", "channel", "channel_order_id", "paid_at").with_columns(
        request_type=pl.lit("expedite"),
        initiator=pl.lit("customer"),
        requested_at=pl.Series(requested),
        decided_at=pl.Series(np.where(answered, requested + rng.integers(600, 9 * HOUR, n), NEVER)),
        outcome=pl.Series(np.where(answered, "succeeded", "")),
        handled_by_role=pl.lit("customer_service"),
    )


def changes(calendar: Calendar, orders: pl.DataFrame) -> pl.DataFrame:
    """request_id, o, channel, channel_order_id, request_type, initiator, requested_at, decided_at,
    outcome, …"""
    rng, chosen = _picked(calendar, "changes", orders, CHANGE_SHARE)
    n = len(chosen)
    requested = chosen["paid_at"].to_numpy() + rng.integers(300, 4 * DAY, n)
    took = np.where(
        rng.random(n) < 0.06, rng.integers(25 * HOUR, 60 * HOUR, n), rng.integers(120, 20 * HOUR, n)
    )
    took = np.where(rng.random(n) < 0.02, DAY, took)
    outcome = rng.choice(
        np.array(["succeeded", "failed", "rejected", "withdrawn", ""]), n, p=[0.78, 0.08, 0.05, 0.05, 0.04]
    )
    chosen = chosen.with_columns(
        request_type=pl.Series(rng.choice(np.array(CHANGE_TYPES), n, p=[0.35, 0.2, 0.15, 0.15, 0.05, 0.1])),
        initiator=pl.Series(rng.choice(np.array(["customer", "agent"]), n, p=[0.8, 0.2])),
        requested_at=pl.Series(requested),
        decided_at=pl.Series(np.where(outcome == "", NEVER, requested + took)),
        outcome=pl.Series(outcome),
        handled_by_role=pl.Series(rng.choice(np.array(["customer_service", "order_ops", "warehouse"]), n)),
    )
    every = pl.concat([chosen, _presses(calendar, orders)], how="diagonal_relaxed")
    frame = _finish(calendar, every, "CR", "request_id", first="requested_at", times=["decided_at"])
    decided = pl.col("decided_at").is_not_null()
    return frame.select(
        "request_id",
        "o",
        "channel",
        "channel_order_id",
        "request_type",
        "initiator",
        "requested_at",
        "decided_at",
        outcome=pl.when(decided).then("outcome"),
        failure_reason=pl.when(decided & (pl.col("outcome") == "failed")).then(pl.lit("包裹已出库")),
        handled_by_role="handled_by_role",
    )


def offers(calendar: Calendar, orders: pl.DataFrame) -> pl.DataFrame:
    """offer_id, o, channel, channel_order_id, option_code, … response, responded_at; some expire
    unanswered."""
    rng, chosen = _picked(calendar, "offers", orders, OFFER_SHARE)
    n = len(chosen)
    offered = chosen["paid_at"].to_numpy() + rng.integers(600, 2 * DAY, n)
    response = rng.choice(np.array(["accepted", "declined", ""]), n, p=[0.6, 0.22, 0.18])
    took = np.where(
        rng.random(n) < 0.05, rng.integers(25 * HOUR, 40 * HOUR, n), rng.integers(60, 20 * HOUR, n)
    )
    option = rng.integers(0, len(OFFER_OPTIONS), n)
    code, level, cost, gift = (np.array([o[i] for o in OFFER_OPTIONS])[option] for i in range(4))
    chosen = chosen.with_columns(
        option_code=pl.Series(code),
        service_level=pl.Series(level),
        promised_at=pl.Series(offered + 2 * DAY),
        extra_cost_cny=pl.Series(cost),
        resource_code=pl.concat_str(
            pl.lit("RD-"), (pl.col("o").cast(pl.Int64) % RIDERS + 1).cast(pl.String).str.zfill(3)
        ),
        compensation=pl.Series(gift),
        offered_at=pl.Series(offered),
        expires_at=pl.Series(offered + DAY),
        response=pl.Series(response),
        responded_at=pl.Series(np.where(response == "", NEVER, offered + took)),
    )
    frame = _finish(calendar, chosen, "OF", "offer_id", first="offered_at", times=["responded_at"])
    return frame.select(
        "offer_id",
        "o",
        "channel",
        "channel_order_id",
        "option_code",
        "service_level",
        "promised_at",
        "extra_cost_cny",
        "compensation",
        "resource_code",
        "offered_at",
        "expires_at",
        response=pl.when(pl.col("responded_at").is_not_null()).then("response"),
        responded_at="responded_at",
    )


def aftersales(calendar: Calendar, orders: pl.DataFrame) -> pl.DataFrame:
    """One case per refund: aftersale_id, o, channel, …; a full refund is the paid amount, a partial one
    a third. Goods of a full refund come back after it; those of a partial one stay."""
    full = orders.filter(pl.col("refunded_at").is_not_null()).with_columns(
        refund_amount_cny=pl.col("paid_amount"), done_at=pl.col("refunded_at"), part=pl.lit(False)
    )
    part = orders.filter(pl.col("partly_refunded_at").is_not_null()).with_columns(
        refund_amount_cny=pl.col("paid_amount") // 3, done_at=pl.col("partly_refunded_at"), part=pl.lit(True)
    )
    rng = calendar.rng("aftersales")
    every = pl.concat([full, part]).sort("done_at", "o")
    asked = pl.max_horizontal(
        pl.col("paid_at") + 60, pl.col("done_at") - pl.Series(rng.integers(600, 30 * HOUR, len(every)))
    )
    every = every.with_columns(requested_at=pl.min_horizontal(asked, "done_at"))
    every = every.with_columns(agreed_at=(pl.col("requested_at") + pl.col("done_at")) // 2)
    comes_back, back_at = pl.col("ship_at").is_not_null() & ~pl.col("part"), pl.col("done_at") + RETURN_TIME
    number = (pl.int_range(pl.len()) * 11 + 700_000_001).cast(pl.String)
    return every.select(
        "channel",
        pl.concat_str(pl.lit("AS"), number).alias("aftersale_id"),
        "o",
        "channel_order_id",
        channel_line_id=pl.when("part").then(pl.concat_str("channel_order_id", pl.lit("-1"))),
        aftersale_type=pl.when(comes_back).then(pl.lit("return_refund")).otherwise(pl.lit("refund_only")),
        reason=pl.lit("七天无理由"),
        refund_amount_cny="refund_amount_cny",
        requested_at="requested_at",
        deadline_at=pl.col("requested_at") + 2 * DAY,
        agreed_at="agreed_at",
        returned_at=pl.when(comes_back & (back_at <= calendar.freeze)).then(back_at),
        refunded_at="done_at",
    )


def surveys(calendar: Calendar, orders: pl.DataFrame) -> pl.DataFrame:
    """survey_id, o, channel, channel_order_id, responded_at, score, comment: after signing, worse when
    it was late."""
    rng, picked = _picked(calendar, "surveys", orders, SURVEY_SHARE)
    chosen = picked.filter(pl.col("signed_at").is_not_null())
    n = len(chosen)
    slow = ((pl.col("signed_at") - pl.col("paid_at")) > 5 * DAY).cast(pl.Int64) * 4
    chosen = chosen.with_columns(
        responded_at=pl.col("signed_at") + pl.Series(rng.integers(HOUR, 2 * DAY, n)),
        score=(pl.Series(np.minimum(10, rng.integers(5, 13, n))) - slow).clip(0, 10),
        comment=pl.Series(rng.choice(np.array(["物流很快", "包装完好", "等了太久", ""]), n)),
    ).with_columns(responded_at=seen("responded_at", calendar.freeze))
    frame = _finish(calendar, chosen, "SV", "survey_id", first="responded_at", times=[])
    return frame.select("survey_id", "o", "channel", "channel_order_id", "responded_at", "score", "comment")
