"""What becomes of an order after payment: promises, shipping, scans, signing, closing, refunds.

All times are epoch seconds, null for what never happens; nothing here knows of exports. Boundary cases
(met to the second, one second late) are placed on purpose, as shares of the orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from dagster_project.demo.clock import DAY, HOUR, Calendar, before
from dagster_project.demo.words import DEFAULT_SHIP_HOURS

NONE = -1
"""Stands for "never" in the integer arrays of this module."""
SHIP_PROMISE_SHARE = {"douyin": 1.0, "taobao": 0.8, "jd": 0.9, "pinduoduo": 0.9, "kuaishou": 0.9, "app": 0.6}
DELIVERY_PROMISE_SHARE = {"pinduoduo": 0.5, "wechat_mini": 0.5, "app": 0.7}
SPLIT_CHANNELS = ("douyin", "taobao", "app")
NO_WAYBILL_SHARE = {"app": 0.2, "wechat_mini": 0.25, "jd": 1.0}
"""Orders whose exports show no waybill: own riders; 京东 exports none at all."""
CLOSES_ON_REFUND = ("douyin", "taobao", "kuaishou")
"""Channels that close an order when it is fully refunded after signing; elsewhere it stays completed."""
CANCELLED, REFUNDED, PARTLY, RECALLED, UNSHIPPED = 0.028, 0.015, 0.02, 0.005, 0.008
SPLIT_PARENT_PROMISE = 10 * DAY
"""A 京东 order that is split keeps a far promise, so that its end is seen before it falls due."""
NODES = ("picked_up_at", "arrived_at", "left_at", "city_at", "delivering_at", "last_node_at")
TIMES = (
    "paid_at",
    "first_ship_at",
    "ship_at",
    *NODES,
    "signed_at",
    "completed_at",
    "closed_at",
    "refunded_at",
    "partly_refunded_at",
)


@dataclass(frozen=True)
class Draw:
    """Random numbers for a fixed number of rows."""

    rng: np.random.Generator
    rows: int

    def chance(self, share: float | np.ndarray) -> np.ndarray:
        return self.rng.random(self.rows) < share

    def between(self, low: float, high: float) -> np.ndarray:
        return self.rng.integers(int(low), max(int(high), int(low) + 1), self.rows)


def build(calendar: Calendar, orders: pl.DataFrame, line_count: pl.Series) -> pl.DataFrame:
    """`orders` with promises, the times of `TIMES`, close_kind (unpaid, cancelled, refunded, recalled),
    has_event
    with_waybill, is_split, last_code (of the last scan) and parcel (the order whose parcel it travels in)."""
    draw = Draw(calendar.rng("fulfilment"), len(orders))
    channel = orders["channel"].to_numpy()
    paid = orders["paid_at"].fill_null(NONE).to_numpy()
    goes = (paid != NONE) & (channel != "pos")
    ship_promise = np.where(
        goes & draw.chance(_share(channel, SHIP_PROMISE_SHARE)),
        paid + draw.rng.choice([24, 48, 48, 72], draw.rows) * HOUR,
        NONE,
    )
    due = np.where(ship_promise != NONE, ship_promise, paid + DEFAULT_SHIP_HOURS * HOUR)
    parent = orders["is_parent"].to_numpy()
    ship_promise = np.where(parent, paid + SPLIT_PARENT_PROMISE, ship_promise)
    cancelled = goes & (draw.chance(CANCELLED) | parent)
    ship = np.where(goes & ~cancelled & ~draw.chance(UNSHIPPED), _shipping(draw, paid, due), NONE)
    ship = _burst_shipping(draw, orders, paid, ship)
    split = (
        np.isin(channel, SPLIT_CHANNELS) & (line_count.to_numpy() > 1) & draw.chance(0.15) & (ship != NONE)
    )
    split &= orders["burst"].is_null().to_numpy()
    first = np.where(split, paid + ((ship - paid) * draw.rng.uniform(0.1, 0.9, draw.rows)).astype(int), ship)
    recalled = (ship != NONE) & draw.chance(RECALLED) & ~split & orders["burst"].is_null().to_numpy()
    leader, joint = _leaders(orders, ship)
    nodes = _nodes(draw, ship, calm=recalled | split)[leader]
    delivery = np.where(
        goes & draw.chance(_share(channel, DELIVERY_PROMISE_SHARE)), paid + draw.between(3, 7) * DAY, NONE
    )
    last = nodes[:, -1]
    exact = draw.chance(0.02) & (last != NONE) & (delivery != NONE)
    delivery = np.where(exact, last - draw.rng.choice([0, 0, 1, -1], draw.rows), delivery)
    code = np.where(
        delivery != NONE,
        draw.rng.choice([3, 301], draw.rows),
        draw.rng.choice([301, 3, 303, 304], draw.rows, p=[0.5, 0.3, 0.12, 0.08]),
    )
    code = np.where(joint, 301, np.where(recalled, 4, code))
    signed = np.where(recalled, NONE, last)
    refunded = np.where(
        (signed != NONE) & draw.chance(REFUNDED), signed + draw.between(4 * HOUR, 4 * DAY), NONE
    )
    refunded = np.where(recalled, ship + draw.between(2 * HOUR, 20 * HOUR), refunded)
    closed, kind = _closing(
        draw, orders, paid=paid, due=due, cancelled=cancelled, refunded=refunded, recalled=recalled
    )
    partly = np.where(
        (signed != NONE) & (refunded == NONE) & draw.chance(PARTLY),
        signed + draw.between(4 * HOUR, 4 * DAY),
        NONE,
    )
    has_event = (
        (draw.chance(0.5) & (kind == "cancelled") & ~parent)
        | (draw.chance(0.7) & (kind == "unpaid"))
        | (refunded != NONE)
    )
    refunded = np.where((kind == "cancelled") & has_event, closed, refunded)
    done = np.where(
        (signed != NONE) & ((closed == NONE) | (kind == "")), signed + draw.between(2 * DAY, 7 * DAY), NONE
    )
    done = np.where((refunded != NONE) & (done != NONE), np.minimum(done, refunded - HOUR), done)
    columns = {
        "promised_ship_at": ship_promise,
        "promised_delivery_at": delivery,
        "first_ship_at": first,
        "ship_at": ship,
        **{name: nodes[:, i] for i, name in enumerate(NODES)},
        "signed_at": signed,
        "completed_at": done,
        "closed_at": closed,
        "refunded_at": refunded,
        "partly_refunded_at": partly,
    }
    frame = orders.with_columns(
        *(pl.when(pl.Series(v) != NONE).then(pl.Series(v)).alias(k) for k, v in columns.items()),
        close_kind=pl.Series(kind),
        has_event=pl.Series(has_event),
        is_split=pl.Series(split),
        last_code=pl.Series(code),
        parcel=pl.when(pl.Series(ship) != NONE).then(pl.Series(leader)),
        with_waybill=pl.Series(
            (~draw.chance(_share(channel, NO_WAYBILL_SHARE)) | joint) & (channel != "pos")
        ),
    )
    return before(frame, list(TIMES), calendar.freeze)


def _share(channel: np.ndarray, shares: dict[str, float]) -> np.ndarray:
    names, index = np.unique(channel, return_inverse=True)
    return np.array([shares.get(str(name), 0.0) for name in names])[index]


def _shipping(draw: Draw, paid: np.ndarray, due: np.ndarray) -> np.ndarray:
    on_time = paid + np.maximum(600, draw.rng.beta(2, 3, draw.rows) * (due - paid)).astype(int)
    late = due + 1 + draw.rng.exponential(9 * HOUR, draw.rows).astype(int)
    ship = np.where(draw.chance(0.08), late, on_time)
    return np.where(draw.chance(0.01), due + draw.rng.choice([0, 0, 1], draw.rows), ship)


def _burst_shipping(draw: Draw, orders: pl.DataFrame, paid: np.ndarray, ship: np.ndarray) -> np.ndarray:
    """Bursts leave together after the last payment, or one by one, or the first between two payments."""
    kind = orders["burst_kind"].fill_null("").to_numpy()
    over = orders.select(
        last=pl.col("paid_at").max().over("burst"),
        second=pl.col("paid_at").shift(-1).over("burst", order_by="step"),
        step=pl.col("step").fill_null(NONE),
        b=pl.col("burst").fill_null(0),
    )
    last = over["last"].fill_null(NONE).to_numpy()
    second = over["second"].fill_null(NONE).to_numpy()
    first = (over["step"].to_numpy() == 0) & (second != NONE)
    per_burst = draw.rng.integers(HOUR, 20 * HOUR, int(np.max(over["b"].to_numpy())) + 1)[
        over["b"].to_numpy()
    ]
    together = last + np.where(kind == "one_waybill", per_burst, draw.between(HOUR, 20 * HOUR))
    ship = np.where(
        np.isin(kind, ["one_waybill", "events", "partial_events"]) & (ship != NONE), together, ship
    )
    first &= ship != NONE
    ship = np.where(first & (kind == "shipped_between"), (paid + second) // 2, ship)
    ship = np.where(first & (kind == "ship_at_payment"), second, ship)
    return np.where((kind == "apart") & (ship != NONE), np.maximum(ship, last + HOUR), ship)


def _leaders(orders: pl.DataFrame, ship: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each order the order whose parcel it travels in (mostly itself), and whether several travel
    together."""
    joint = (pl.col("burst_kind") == "one_waybill").fill_null(False) & pl.col("ships")
    frame = orders.select("o", "burst", "burst_kind", ships=pl.Series(ship) != NONE)
    frame = frame.with_columns(joint=joint, lead=pl.when(joint).then("o")).with_columns(
        leader=pl.when("joint").then(pl.col("lead").min().over("burst")).otherwise("o")
    )
    return frame["leader"].to_numpy().astype(int), frame["joint"].to_numpy()


def _nodes(draw: Draw, ship: np.ndarray, calm: np.ndarray) -> np.ndarray:
    """Six scan times an order (rows × 6); late pick-ups, stalls and lost parcels, but none where `calm`."""
    pick = np.minimum(draw.rng.lognormal(1.6, 0.6, draw.rows) * HOUR, 23.5 * HOUR).astype(int)
    pick = np.where(
        draw.chance(0.03) & ~calm, 24 * HOUR + draw.rng.exponential(6 * HOUR, draw.rows).astype(int), pick
    )
    pick = np.where(draw.chance(0.006) & ~calm, 24 * HOUR + draw.rng.choice([0, 1], draw.rows), pick)
    gaps = np.stack(
        [
            pick,
            draw.between(4 * HOUR, 14 * HOUR),
            draw.between(6 * HOUR, 20 * HOUR),
            draw.between(6 * HOUR, 26 * HOUR),
            draw.between(2 * HOUR, 12 * HOUR),
            draw.between(HOUR, 6 * HOUR),
        ],
        axis=1,
    )
    stalled, place = draw.chance(0.03) & ~calm, draw.rng.integers(1, 5, draw.rows)
    stall = 48 * HOUR + np.where(
        draw.chance(0.2), draw.rng.choice([0, 1], draw.rows), draw.between(HOUR, 50 * HOUR)
    )
    gaps[stalled, place[stalled]] = stall[stalled]
    nodes = ship[:, None] + np.cumsum(gaps, axis=1)
    lost = np.where(draw.chance(0.008) & ~calm, draw.rng.integers(0, 6, draw.rows), 6)
    gone = (np.arange(6)[None, :] >= lost[:, None]) | (ship == NONE)[:, None]
    return np.where(gone, NONE, nodes)


def _closing(
    draw: Draw,
    orders: pl.DataFrame,
    *,
    paid: np.ndarray,
    due: np.ndarray,
    cancelled: np.ndarray,
    refunded: np.ndarray,
    recalled: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """When an order is closed, and why: unpaid, cancelled (before or after due), refunded, recalled."""
    early = paid + draw.between(300, 20 * HOUR)
    cancel_at = np.where(
        draw.chance(0.65) | orders["is_parent"].to_numpy(), early, due + draw.between(HOUR, 48 * HOUR)
    )
    unpaid = (paid == NONE) & draw.chance(0.85)
    closes = (refunded != NONE) & np.isin(orders["channel"].to_numpy(), CLOSES_ON_REFUND)
    chosen = [unpaid, cancelled, recalled, closes]
    when = [orders["ordered_at"].to_numpy() + 1800, cancel_at, refunded, refunded]
    return np.select(chosen, when, NONE), np.select(
        chosen, ["unpaid", "cancelled", "recalled", "refunded"], ""
    )
