"""Which orders had to leave in several parcels, and in how many they left: from the true world.

An order that 京东 split counts with those it was split into, once its own export tells their ids. 京东 shows
no waybill, so nobody sees in which parcels they left.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.world import World

PARCEL_FEN = 800
"""What one parcel costs."""
AS_NEEDED, TOO_MANY, TOO_FEW, TOGETHER = "as_needed", "too_many", "too_few", "together"
JUDGED = (AS_NEEDED, TOO_MANY, TOO_FEW, TOGETHER)


def needs(world: World, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """o, channel, channel_order_id, paid_at, split_status, line_count, needed_parcel_count, parcel_count
    (null: none is seen), mixed_parcel_count, split_into_count, split_request_count."""
    families = _families(tables["orders"])
    lines = _lines(world, families)
    own = lines.filter("is_needed")
    wanted = own.group_by("root").agg(
        line_count=pl.len(), needed_parcel_count=pl.col("temperature_class").n_unique()
    )
    sent = lines.filter(pl.col("parcel").is_not_null())
    parcels = sent.group_by("root", "parcel").agg(classes=pl.col("temperature_class").n_unique())
    seen = parcels.group_by("root").agg(
        parcel_count=pl.len(), mixed_parcel_count=(pl.col("classes") > 1).sum()
    )
    asked = tables["changes"].filter(pl.col("request_type") == "split_order")
    asked = asked.group_by(root="o").agg(split_request_count=pl.len())
    states = families.group_by("root").agg(
        split_into_count=(pl.col("o") != pl.col("root")).sum(),
        shipped=pl.col("first_ship_at").is_not_null().sum(),
        waiting=(pl.col("ship_at").is_null() & pl.col("ended_at").is_null()).sum(),
    )
    names = tables["orders"].select(
        root="o", channel="channel", channel_order_id="channel_order_id", paid_at="paid_at"
    )
    frame = (
        wanted.join(states, on="root").join(seen, on="root", how="left").join(asked, on="root", how="left")
    )
    frame = frame.join(names, on="root").rename({"root": "o"})
    none = ["mixed_parcel_count", "split_request_count"]
    frame = frame.with_columns(pl.col(none).fill_null(0), split_status=_status())
    several = (pl.col("parcel_count") > 1).fill_null(value=False)
    asks = (pl.col("split_into_count") > 0) | (pl.col("split_request_count") > 0)
    counts = ["line_count", "needed_parcel_count", "parcel_count", *none, "split_into_count"]
    found = frame.filter((pl.col("needed_parcel_count") > 1) | several | asks)
    return found.with_columns(pl.col(counts).cast(pl.Int64)).drop("shipped", "waiting").sort("o")


def _status() -> pl.Expr:
    needed, parcels = pl.col("needed_parcel_count"), pl.col("parcel_count")
    return (
        pl.when(pl.col("waiting") > 0)
        .then(pl.lit("open"))
        .when(pl.col("shipped") == 0)
        .then(pl.lit("over"))
        .when(parcels.is_null())
        .then(pl.lit("unseen"))
        .when((parcels == 1) & (needed > 1))
        .then(pl.lit(TOGETHER))
        .when((parcels < needed) | (pl.col("mixed_parcel_count") > 0))
        .then(pl.lit(TOO_FEW))
        .when(parcels > needed)
        .then(pl.lit(TOO_MANY))
        .otherwise(pl.lit(AS_NEEDED))
    )


def _families(orders: pl.DataFrame) -> pl.DataFrame:
    """The orders that leave by a parcel, each with `root`: itself, or the order that it was split from."""
    able = orders.filter(pl.col("paid_at").is_not_null() & (pl.col("channel") != "pos"))
    told = able.filter(pl.col("is_parent") & pl.col("closed_at").is_not_null())
    told = told.select("family_no", parent="o")
    able = able.join(told, on="family_no", how="left")
    return able.select(
        "o", "first_ship_at", "ship_at", "ended_at", "closed_at", root=pl.coalesce("parent", "o")
    )


def _lines(world: World, families: pl.DataFrame) -> pl.DataFrame:
    """root, parcel, temperature_class, is_needed of the lines of families of two lines or more."""
    lines = world.lines.join(families.select("o", "root", "closed_at"), on="o")
    lines = lines.join(world.skus.select("sku", "temperature_class"), on="sku")
    lines = lines.filter(pl.len().over("root") > 1)
    stands = pl.col("line_cancelled_at").is_null() | pl.col("closed_at").is_not_null()
    return lines.select(
        "root", "parcel", "temperature_class", is_needed=(pl.col("o") == pl.col("root")) & stands
    )
