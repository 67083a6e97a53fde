"""Which orders make one contract, and which changes of state cannot be: from the true world.

Clauses and conflicts belong to `clauses.py`.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.exports import luyue_orders
from dagster_project.demo.world import World

PLACE = ["owner", "address_key"]
SHOWS_NO_SIGNING = ("jd",)
"""Channels whose export shows neither a waybill nor that an order was signed for."""
SHOWS_NO_WAREHOUSE = ("taobao",)
ROUTED_EVERY = 4
"""Routing tells the warehouse of every fourth order, whatever its channel shows."""
FOR_EVER = 2**60


def with_early_parcels(world: World, orders: pl.DataFrame) -> pl.DataFrame:
    """With early_signed_at: when the parcel was signed for that the first line of a split order left in."""
    early = world.parcels.filter(pl.col("parcel") >= len(world.orders)).select(
        o=(pl.col("parcel") - len(world.orders)).cast(pl.UInt32), early_signed_at="last_node_at"
    )
    return orders.join(early, on="o", how="left", maintain_order="left")


def signed() -> pl.Expr:
    """When an order was signed for, with its last parcel, as tracks tell it, else its own export."""
    last = pl.max_horizontal("signed_at", "early_signed_at")
    waits = pl.col("signed_at").is_null() | (pl.col("is_split") & pl.col("early_signed_at").is_null())
    return pl.when("with_waybill").then(pl.when(~waits).then(last)).otherwise("shown_signed_at")


def knows_warehouse() -> pl.Expr:
    """Whether any export tells from which warehouse an order leaves."""
    return ~pl.col("channel").is_in(list(SHOWS_NO_WAREHOUSE)) | (pl.col("o") % ROUTED_EVERY == 0)


def members(orders: pl.DataFrame) -> pl.DataFrame:
    """o, contract (o of its first order), joined_at, left_at, of all paid orders that leave by a parcel.

    A contract is open until the last of its orders is signed for or over; what is paid before that, by the
    same person to the same room, joins it.
    """
    able = orders.filter(pl.col("paid_at").is_not_null() & (pl.col("channel") != "pos"))
    seen = pl.when(~pl.col("channel").is_in(list(SHOWS_NO_SIGNING))).then(signed())
    left = pl.min_horizontal(pl.coalesce(seen, "completed_at"), "ended_at")
    is_known = pl.all_horizontal(pl.col(c).is_not_null() for c in PLACE)
    alone = pl.when(~is_known).then("o")
    able = able.select("o", "channel", "channel_order_id", *PLACE, "paid_at", left_at=left, alone=alone)
    place = [*PLACE, "alone"]
    able = able.sort(*place, "paid_at", "channel", "channel_order_id", nulls_last=True)
    end = pl.col("left_at").fill_null(FOR_EVER)
    able = able.with_columns(open_until=end.cum_max().shift(1).over(place))
    able = able.with_columns(begins=(pl.col("open_until") <= pl.col("paid_at")).fill_null(True))
    able = able.with_columns(run=pl.col("begins").cum_sum())
    return able.select(
        "o", contract=pl.col("o").first().over("run"), joined_at=pl.col("paid_at"), left_at="left_at"
    )


def merge_opportunities(world: World, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """group (its first order), order_count, parcel_count, warehouse_count and saved_parcel_count of each
    group of several channels that was not merged.

    A parcel whose number no export shows is its order's own.
    """
    apart = tables["groups"].filter(~pl.col("is_merged")).select("group")
    members = tables["members"].select("o", "group").join(apart, on="group")
    orders = tables["orders"].select("o", "channel", "warehouse", "first_ship_at")
    left = members.join(orders, on="o").filter(pl.col("first_ship_at").is_not_null())
    shown = world.lines.filter(pl.col("parcel").is_not_null()).select("o", "parcel").unique()
    known = pl.when(knows_warehouse()).then("warehouse")
    parcels = left.join(shown, on="o", how="left").with_columns(
        parcel=pl.coalesce("parcel", -1 - pl.col("o").cast(pl.Int64))
    )
    counted = parcels.group_by("group").agg(
        parcel_count=pl.col("parcel").n_unique(), warehouse_count=known.n_unique()
    )
    sizes = members.group_by("group").agg(order_count=pl.len())
    every = sizes.join(counted, on="group", how="left").fill_null(0).cast(pl.Int64)
    spare = (pl.col("parcel_count") - pl.col("warehouse_count")).clip(0)
    return every.with_columns(saved_parcel_count=spare)


def odd_transitions(world: World, methods: pl.DataFrame) -> pl.DataFrame:
    """channel, channel_order_id, channel_line_id, from_status, to_status, occurred_before of the changes of
    state that the merchant's own exports show and that cannot be."""
    shown = world.orders.join(methods, on="o", how="left")
    times = world.calendar.exports(luyue_orders.SOURCE)
    key = ["channel", "channel_order_id", "channel_line_id"]
    exported = pl.concat(
        luyue_orders.rows(world, shown, channel, at).select(*key, to_status="status", occurred_before_at=at)
        for channel in luyue_orders.ODD_CHANNELS
        for at in times
    ).sort(*key, "occurred_before_at")
    exported = exported.with_columns(from_status=pl.col("to_status").shift(1).over(key))
    away = (pl.col("from_status") == "completed") & pl.col("to_status").is_in(
        ["paid_pending_ship", "cancelled"]
    )
    back = (pl.col("from_status") == "cancelled") & (pl.col("to_status") == "completed")
    return exported.filter(away | back)
