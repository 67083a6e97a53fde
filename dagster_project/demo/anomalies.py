"""The three anomalies that show by themselves: ship_overdue, pickup_timeout, transit_stalled.

Worked out from the simulated order and its parcel, not from any export. Cases are `care.py`.
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from dagster_project.demo.clock import HOUR
from dagster_project.demo.fulfilment import NODES
from dagster_project.demo.words import DEFAULT_SHIP_HOURS
from dagster_project.demo.world import World

PICKUP_HOURS, STALL_HOURS = 24, 48
NEEDED = ["o", "channel", "paid_at", "promised_ship_at", "ship_at", "with_waybill", "parcel", "ended_at"]


def derive(world: World, orders: pl.DataFrame) -> pl.DataFrame:
    """o, event_code, detected_at, resolved_at (epoch seconds or null), as of the calendar's as_of.

    `orders` are the world's with ended_at. A condition that begins at or after the order's end yields none.
    """
    live = orders.select(NEEDED).filter(pl.col("paid_at").is_not_null() & (pl.col("channel") != "pos"))
    found = pl.concat(
        [_ship_overdue(live), _pickup_timeout(live, world.parcels), _stalled(live, world.parcels)]
    )
    over = (pl.col("ended_at") <= pl.col("detected_at")).fill_null(False)
    found = found.filter((pl.col("detected_at") <= world.calendar.as_of) & ~over)
    return found.select(
        "o", "event_code", "detected_at", resolved_at=pl.min_horizontal("resolved_at", "ended_at")
    ).sort("o", "event_code")


def _ship_overdue(live: pl.DataFrame) -> pl.DataFrame:
    due = pl.coalesce("promised_ship_at", pl.col("paid_at") + DEFAULT_SHIP_HOURS * HOUR)
    late = live.filter((pl.col("ship_at") > due).fill_null(True))
    return late.select(
        "o", event_code=pl.lit("ship_overdue"), detected_at=due, resolved_at="ship_at", ended_at="ended_at"
    )


def _with_parcel(live: pl.DataFrame, parcels: pl.DataFrame) -> pl.DataFrame:
    """Shipped orders with a waybill in sight, with the scans of the parcel that left last."""
    sent = live.filter(pl.col("with_waybill") & pl.col("ship_at").is_not_null())
    return sent.join(parcels.select("parcel", *NODES), on="parcel", how="left", maintain_order="left")


def _pickup_timeout(live: pl.DataFrame, parcels: pl.DataFrame) -> pl.DataFrame:
    sent = _with_parcel(live, parcels).with_columns(detected_at=pl.col("ship_at") + PICKUP_HOURS * HOUR)
    late = sent.filter((pl.col("picked_up_at") > pl.col("detected_at")).fill_null(True))
    return late.select(
        "o",
        event_code=pl.lit("pickup_timeout"),
        detected_at="detected_at",
        resolved_at="picked_up_at",
        ended_at="ended_at",
    )


def _stalled(live: pl.DataFrame, parcels: pl.DataFrame) -> pl.DataFrame:
    """The first gap of more than 48 h after a scan; the last scan of a parcel that arrived is terminal."""
    sent = _with_parcel(live, parcels)
    gaps = []
    for scan, following in pairwise(NODES):
        limit = pl.col(scan) + STALL_HOURS * HOUR
        waits = sent.filter(pl.col(scan).is_not_null() & (pl.col(following) > limit).fill_null(True))
        gaps.append(
            waits.select(
                "o",
                event_code=pl.lit("transit_stalled"),
                detected_at=limit,
                resolved_at=following,
                ended_at="ended_at",
            )
        )
    return pl.concat(gaps).sort("o", "detected_at").unique("o", keep="first", maintain_order=True)
