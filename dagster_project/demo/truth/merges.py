"""Which orders could have travelled together, and whether they did: part 4 of the index, from the true
world."""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import HOUR

JOIN_HOURS = 24
PLACE = ["owner", "address_key"]


def groups(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders in groups of at least two channels: o, group (its first order), channels, size, first_paid_at.

    An order joins while it was paid within 24 h (inclusive) of the one before it and nothing of the group had
    shipped before that payment.
    """
    able = orders.filter(
        pl.col("paid_at").is_not_null()
        & (pl.col("channel") != "pos")
        & pl.col("owner").is_not_null()
        & pl.col("address_key").is_not_null()
    )
    able = able.select("o", "channel", *PLACE, "paid_at", "first_ship_at").sort(
        *PLACE, "paid_at", "channel", "o"
    )
    able = able.filter(pl.len().over(PLACE) > 1)
    far = (pl.col("paid_at") - pl.col("paid_at").shift(1).over(PLACE)) > JOIN_HOURS * HOUR
    able = able.with_columns(breaks=far.fill_null(True)).with_columns(run=pl.col("breaks").cum_sum())
    able = able.filter(pl.len().over("run") > 1)
    while True:
        able = able.with_columns(run=pl.col("breaks").cum_sum())
        able = able.with_columns(
            earliest=pl.col("first_ship_at").fill_null(2**60).cum_min().shift(1).over("run")
        )
        left = (pl.col("earliest") < pl.col("paid_at")).fill_null(False)
        able = able.with_columns(first_left=left & (left.cum_sum().over("run") == 1))
        if not able["first_left"].any():
            break
        able = able.with_columns(breaks=pl.col("breaks") | pl.col("first_left"))
    grouped = able.with_columns(
        group=pl.col("o").first().over("run"),
        size=pl.len().over("run"),
        first_paid_at=pl.col("paid_at").min().over("run"),
        channels=pl.col("channel").n_unique().over("run"),
    )
    return grouped.filter(pl.col("channels") > 1).select(
        "o", "channel", "group", "channels", "size", "first_paid_at"
    )


def outcomes(members: pl.DataFrame, orders: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """One row per group: group, size, channels, first_paid_at, has_one_waybill, has_events, is_merged."""
    bills = orders.filter(pl.col("ship_at").is_not_null() & ~pl.col("is_split")).select("o", "waybill_no")
    carried = (
        members.join(bills, on="o", how="left")
        .group_by("group")
        .agg(
            has_one_waybill=(pl.col("waybill_no").n_unique() == 1) & pl.col("waybill_no").is_not_null().all()
        )
    )
    told = events.filter(pl.col("event_code") == "order_split_merged").select("o", "payload")
    ids = orders.select("o", "channel_order_id")
    pairs = (
        members.select("o", "group")
        .join(members.select("group", other="o"), on="group")
        .join(ids.rename({"o": "other"}), on="other")
        .join(told, on="o", how="left")
    )
    quoted = pl.concat_str(pl.lit('"'), "channel_order_id", pl.lit('"'))
    pairs = pairs.with_columns(names=pl.col("payload").str.contains(quoted, literal=True).fill_null(False))
    spoken = (
        pairs.group_by("group", "o")
        .agg(pl.col("names").all())
        .group_by("group")
        .agg(has_events=pl.col("names").all())
    )
    facts = members.group_by("group").agg(
        pl.col("size").first(), pl.col("channels").first(), pl.col("first_paid_at").first()
    )
    both = facts.join(carried, on="group").join(spoken, on="group").sort("group")
    return both.with_columns(is_merged=pl.col("has_one_waybill") | pl.col("has_events"))
