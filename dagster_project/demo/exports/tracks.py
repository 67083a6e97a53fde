"""Parcel scans: 快递100 answers as JSON arrays, newest scan first, and the merchant's own feed for one
carrier."""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import FEED_WINDOW, stamp, text
from dagster_project.demo.exports.luyue_orders import put
from dagster_project.demo.exports.writing import Landing
from dagster_project.demo.world import World

KUAIDI100, LUYUE = "kuaidi100_tracks", "luyue_tracks"
OWN_CARRIER = "jtexpress"
"""The carrier whose scans the merchant gets directly."""
STEPS = (
    ("picked_up_at", "103", "picked_up", "快件已被揽收"),
    ("arrived_at", "0", "in_transit", "到达始发分拨中心"),
    ("left_at", "1002", "in_transit", "离开始发分拨中心"),
    ("city_at", "1001", "arrived_city", "到达目的城市"),
    ("delivering_at", "5", "out_for_delivery", "派送中，快递员电话"),
)
LAST = {
    3: ("signed", "已签收"),
    301: ("signed", "本人签收"),
    303: ("signed_by_other", "家人代收"),
    304: ("signed_locker", "已放入快递柜"),
    4: ("returned_signed", "退件已签收"),
}


def scans(parcels: pl.DataFrame) -> pl.DataFrame:
    """One row per scan: parcel, com, carrier, waybill_no, at, code, node, description."""
    parts = [
        parcels.select(
            "parcel",
            "com",
            "carrier",
            "waybill_no",
            at=pl.col(column),
            code=pl.lit(code),
            node=pl.lit(node),
            description=pl.lit(said),
        )
        for column, code, node, said in STEPS
    ]
    last = pl.col("last_code")
    parts.append(
        parcels.select(
            "parcel",
            "com",
            "carrier",
            "waybill_no",
            at=pl.col("last_node_at"),
            code=last.cast(pl.String),
            node=last.replace_strict({k: v[0] for k, v in LAST.items()}),
            description=last.replace_strict({k: v[1] for k, v in LAST.items()}),
        )
    )
    every = pl.concat(parts).filter(pl.col("at").is_not_null())
    phone = pl.concat_str(pl.lit("1380000"), (pl.col("parcel") % 9000 + 1000).cast(pl.String))
    said = pl.when(pl.col("code") == "5").then(pl.concat_str("description", phone)).otherwise("description")
    return every.with_columns(description=said).sort("parcel", "at", descending=[False, True])


def write(world: World, landing: Landing) -> None:
    """All exports: a waybill is in a file with its whole trace when something of it is new."""
    every = scans(world.parcels)
    foreign, own = every.filter(pl.col("com") != OWN_CARRIER), every.filter(pl.col("com") == OWN_CARRIER)
    for at in world.calendar.exports(KUAIDI100):
        landing.raw(KUAIDI100, f"轨迹_{stamp(at)}.json", _answers(_active(foreign, at)).encode())
    for i, at in enumerate(world.calendar.exports(LUYUE)):
        put(
            landing,
            LUYUE,
            f"luyue_tracks_{stamp(at)}",
            _own_rows(_active(own, at)),
            "parquet" if i % 2 else "csv",
        )


def _active(every: pl.DataFrame, at: int) -> pl.DataFrame:
    known = every.filter(pl.col("at") <= at)
    fresh = known.filter(pl.col("at") > at - FEED_WINDOW).select("parcel").unique()
    return known.join(fresh, on="parcel", how="semi", maintain_order="left")


def _answers(known: pl.DataFrame) -> str:
    """A JSON array with one 快递100 answer per waybill."""
    moment = text("at")
    node = pl.struct(
        time=moment, ftime=moment, context="description", areaName=pl.lit("", pl.String), status="code"
    )
    rows = (
        known.with_columns(node.alias("entry"))
        .group_by("parcel", "com", "waybill_no", maintain_order=True)
        .agg(pl.col("entry"), state=pl.col("code").first())
    )
    answer = rows.select(
        line=pl.struct(
            message=pl.lit("ok"),
            nu="waybill_no",
            ischeck=pl.when(pl.col("state").is_in(["3", "301"])).then(pl.lit("1")).otherwise(pl.lit("0")),
            com="com",
            state="state",
            data="entry",
        ).struct.json_encode()
    )
    return "[" + ",\n".join(answer["line"].to_list()) + "]"


def _own_rows(known: pl.DataFrame) -> pl.DataFrame:
    return known.select(
        "carrier",
        "waybill_no",
        pl.col("at").alias("node_at"),
        pl.col("node").alias("node_raw"),
        "node",
        "description",
        (pl.col("at") + 40).alias("received_at"),
    )
