"""Who orders what, where and when: channel orders and their lines, with bursts over several channels.

What becomes of an order after payment is `fulfilment.py`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.demo.clock import DAY, HOUR, Calendar

BURST_SHARE = 0.065
"""Bursts per order: one customer, two or three channels, one address, within a day or so."""
GIFT_SHARE, SCALPER_SHARE, UNPAID_SHARE, MEMBER_CARD_SHARE = 0.05, 0.006, 0.06, 0.45
JD_SPLIT_SHARE = 0.002
HOUR_WEIGHTS = (1, 1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 8, 7, 7, 7, 7, 7, 8, 10, 12, 12, 8, 4)
BURST_KINDS = ("one_waybill", "events", "partial_events", "apart", "shipped_between", "ship_at_payment")
BURST_KIND_SHARES = (0.34, 0.2, 0.06, 0.28, 0.09, 0.03)


def build(calendar: Calendar, people: pl.DataFrame, orders: int) -> pl.DataFrame:
    """One row per channel order, oldest first: o, channel, buyer, receiver, burst, step, burst_kind,
    family_no,
    is_parent, ordered_at, paid_at, a. `burst` is null outside bursts; `receiver` is the buyer but for
    gifts."""
    rng = calendar.rng("orders")
    bursts = _bursts(calendar, rng, people, int(orders * BURST_SHARE))
    bursts = bursts.head(orders // 3)
    splits = max(1, int(orders * JD_SPLIT_SHARE))
    singles = _singles(calendar, rng, people, orders - len(bursts) - 2 * splits)
    every = pl.concat([_split(singles, splits), bursts], how="diagonal_relaxed")
    every = every.sort("ordered_at", "buyer", "channel", "is_parent", nulls_last=True)
    owner = people.select("p", "home", "next_home", "moved_at")
    every = every.with_row_index("o").join(
        owner, left_on="receiver", right_on="p", how="left", maintain_order="left"
    )
    moved = pl.col("ordered_at") >= pl.col("moved_at")
    return every.with_columns(a=pl.when(moved).then("next_home").otherwise("home")).drop(
        "home", "next_home", "moved_at"
    )


def lines(calendar: Calendar, orders: pl.DataFrame, skus: pl.DataFrame) -> pl.DataFrame:
    """One row per order line: o, n (from 1), sku, quantity, unit_price, line_amount (CNY, in fen as
    integers)."""
    rng = calendar.rng("lines")
    sizes = rng.choice([1, 2, 3, 4], len(orders), p=[0.68, 0.2, 0.08, 0.04])
    frame = pl.DataFrame({"o": np.repeat(orders["o"].to_numpy(), sizes)})
    popularity = 1 / np.arange(1, len(skus) + 1) ** 0.6
    frame = frame.with_columns(
        n=pl.int_range(1, pl.len() + 1).over("o"),
        sku=pl.Series(rng.choice(len(skus), len(frame), p=popularity / popularity.sum())),
        quantity=pl.Series(rng.choice([1, 2, 3], len(frame), p=[0.82, 0.14, 0.04])),
    )
    frame = frame.join(skus.select("sku", unit_price="price"), on="sku", how="left", maintain_order="left")
    return frame.with_columns(line_amount=pl.col("unit_price") * pl.col("quantity"))


def _moments(calendar: Calendar, rng: np.random.Generator, count: int, last_day: int) -> np.ndarray:
    weights = np.array(HOUR_WEIGHTS) / sum(HOUR_WEIGHTS)
    hours = rng.choice(24, count, p=weights)
    moments = (
        calendar.start + rng.integers(0, last_day, count) * DAY + hours * HOUR + rng.integers(0, HOUR, count)
    )
    return np.minimum(moments, calendar.freeze - rng.integers(1200, 5 * HOUR, count))


def _singles(calendar: Calendar, rng: np.random.Generator, people: pl.DataFrame, count: int) -> pl.DataFrame:
    persons, cross = people["p"].to_numpy(), people["is_cross"].to_numpy()
    certain = np.concatenate([persons, persons[cross]])
    weight = rng.pareto(3.0, len(persons)) + 0.2
    drawn = rng.choice(persons, max(0, count - len(certain)), p=weight / weight.sum())
    buyer = np.concatenate([certain, drawn])[:count]
    scalpers = max(1, len(persons) // 2500)
    buyer = np.where(rng.random(count) < SCALPER_SHARE, rng.integers(0, scalpers, count), buyer)
    gift = (rng.random(count) < GIFT_SHARE) | (buyer < scalpers)
    receiver = np.where(gift, rng.integers(0, len(persons), count), buyer)
    ordered = _moments(calendar, rng, count, calendar.days)
    frame = pl.DataFrame({"buyer": buyer, "receiver": receiver, "ordered_at": ordered})
    frame = frame.join(
        people.select("p", "channels"), left_on="buyer", right_on="p", how="left", maintain_order="left"
    )
    turn = pl.int_range(pl.len()).over("buyer") % pl.col("channels").list.len()
    frame = frame.with_columns(channel=pl.col("channels").list.get(turn)).drop("channels")
    at_till = frame["channel"].to_numpy() == "pos"
    lag = np.where(at_till, 0, rng.integers(8, 900, count))
    unpaid = (rng.random(count) < UNPAID_SHARE) & ~at_till
    return frame.with_columns(
        paid_at=pl.when(~pl.Series(unpaid)).then(pl.Series(ordered + lag)),
        receiver=pl.when(pl.col("channel") == "pos").then("buyer").otherwise("receiver"),
        has_card=pl.Series(rng.random(count) < MEMBER_CARD_SHARE),
    )


def _split(singles: pl.DataFrame, count: int) -> pl.DataFrame:
    """Some 京东 orders are split into two with new ids: `family_no` joins them, `is_parent` marks the
    old one."""
    whole = (pl.col("channel") == "jd") & pl.col("paid_at").is_not_null()
    nth = pl.when(whole).then(whole.cum_sum() - 1)
    singles = singles.with_columns(family_no=pl.when(nth < count).then(nth.cast(pl.Int64)))
    singles = singles.with_columns(is_parent=pl.col("family_no").is_not_null())
    children = singles.filter("is_parent").with_columns(is_parent=pl.lit(False))
    return pl.concat([singles, children, children])


def _bursts(calendar: Calendar, rng: np.random.Generator, people: pl.DataFrame, count: int) -> pl.DataFrame:
    """Orders of one person on several channels; now and then paid exactly 24 h apart, or one second more."""
    able = people.select("p", pl.col("channels").list.set_difference(["pos"]).list.sort())
    able = able.filter(pl.col("channels").list.len() >= 2)
    if not len(able) or not count:
        return pl.DataFrame()
    pick = able[rng.integers(0, len(able), count)]
    kinds = rng.choice(np.array(BURST_KINDS), count, p=BURST_KIND_SHARES)
    moment = _moments(calendar, rng, count, max(1, calendar.days - 4))
    size = rng.choice([2, 3], count, p=[0.75, 0.25])
    frame = pl.DataFrame(
        {"buyer": pick["p"], "channels": pick["channels"], "burst_kind": kinds, "t": moment, "size": size}
    ).with_row_index("burst")
    frame = frame.with_columns(pl.col("channels").list.head(pl.col("size"))).explode("channels")
    frame = frame.rename({"channels": "channel"}).with_columns(step=pl.int_range(pl.len()).over("burst"))
    has_jd = (pl.col("channel") == "jd").any().over("burst") & (pl.col("burst_kind") == "one_waybill")
    frame = frame.with_columns(burst_kind=pl.when(has_jd).then(pl.lit("events")).otherwise("burst_kind"))
    rows = len(frame)
    edge = rng.choice([DAY, DAY + 1, 27 * HOUR, 0], rows, p=[0.05, 0.03, 0.05, 0.87])
    gap = np.where(edge > 0, edge, rng.integers(400, 16 * HOUR, rows))
    frame = frame.with_columns(gap=pl.when(pl.col("step") > 0).then(pl.Series(gap)).otherwise(0))
    return frame.with_columns(
        paid_at=pl.col("t") + pl.col("gap").cum_sum().over("burst"),
        has_card=pl.lit(False),
        is_parent=pl.lit(False),
        receiver=pl.col("buyer"),
    ).select(
        "buyer",
        "receiver",
        "channel",
        "burst",
        "burst_kind",
        "step",
        "paid_at",
        "has_card",
        "is_parent",
        ordered_at=pl.col("paid_at") - pl.Series(rng.integers(20, 400, rows)),
    )
