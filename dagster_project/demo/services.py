"""What customers ask for besides the goods: ways of delivery, service items, and what resources can do.

Orders that are exported under the project's own names alone show a way of delivery; platforms show none.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.demo.clock import DAY, HOUR, Calendar, before
from dagster_project.demo.words import PLATFORM_EXPORTS, WAREHOUSES
from dagster_project.demo.world import World

ZONES = {"WH-GZ": "ambient,chilled,frozen", "WH-BJ": "ambient, chilled, frozen", "WH-WH": "ambient"}
"""What a warehouse keeps cold; the others are `OTHER_ZONES`, frozen goods have no place there."""
OTHER_ZONES = "ambient,chilled"
RADIUS_KM = {"WH-CD": 1_500.0}
"""Only this warehouse says how far it serves. Its coordinates are swapped in the file."""
BUSY = "WH-HZ"
"""The warehouse whose daily capacity is now and then too small."""
BUSY_HEADROOM, CAPACITY = 1.2, 3_000
PICKUP_AFAR = 10
"""Of orders without a waybill, those in the warehouse's city are picked up there, and of the others one in so
many, by mistake."""
SAME_DAY_SHARE, COLD_SHARE, WRAP_SHARE = 0.3, 0.02, 0.03
NOBODY_SHARE, CANCELLED_SHARE, NEVER_SHARE = 0.08, 0.04, 0.06
INSTALLED_CATEGORY = "小家电"
NEVER = -1


def capacity(world: World) -> int:
    """Orders a day that the busy warehouse can ship: a little more than come on average."""
    orders = world.orders.filter((pl.col("warehouse") == BUSY) & (pl.col("channel") != "pos"))
    return max(1, round(BUSY_HEADROOM * len(orders) / world.calendar.days))


def methods(world: World) -> pl.DataFrame:
    """o and delivery_method of the orders that show one."""
    calendar = world.calendar
    orders = world.orders.filter(~pl.col("channel").is_in(list(PLATFORM_EXPORTS)))
    cities = {code: str(adcode)[:4] for code, _, adcode in WAREHOUSES}
    frame = orders.select("o", "adcode", "warehouse", "with_waybill")
    appliances = world.skus.filter(pl.col("category") == INSTALLED_CATEGORY).select("sku")
    heavy = world.lines.join(appliances, on="sku", how="semi").select("o").unique()
    dice = pl.Series(calendar.rng("methods").random(len(frame)))
    near = pl.col("adcode").str.head(4) == pl.col("warehouse").replace_strict(cities, return_dtype=pl.String)
    return frame.with_columns(dice=dice, near=near.fill_null(False)).select(
        "o",
        delivery_method=pl.when(~pl.col("with_waybill") & (pl.col("near") | (pl.col("o") % PICKUP_AFAR == 0)))
        .then(pl.lit("pickup"))
        .when(~pl.col("with_waybill") & (pl.col("dice") < SAME_DAY_SHARE))
        .then(pl.lit("same_day"))
        .when(pl.col("o").is_in(heavy["o"].implode()) & (pl.col("o") % 3 == 0))
        .then(pl.lit("installation"))
        .when(pl.col("dice") < COLD_SHARE)
        .then(pl.lit("cold_chain"))
        .otherwise(pl.lit("parcel")),
    )


def items(calendar: Calendar, orders: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """o, channel, channel_order_id, item_code, resource_type, asked_at, required_by, done_at, cancelled_at.

    An installation for most orders that are delivered with one, gift wrapping for some of any; now and then
    cancelled, or never done.
    """
    rng = calendar.rng("services")
    paid = orders.filter(pl.col("paid_at").is_not_null() & (pl.col("channel") != "pos"))
    wanted = paid.join(shown, on="o", how="left", maintain_order="left").select(
        "o", "channel", "channel_order_id", "paid_at", "ship_at", "signed_at", "delivery_method"
    )
    n = len(wanted)
    installed = wanted.filter(
        (pl.col("delivery_method") == "installation") & pl.Series(rng.random(n) >= NOBODY_SHARE)
    )
    wrapped = wanted.filter(pl.Series(rng.random(n) < WRAP_SHARE))
    every = pl.concat(
        [
            installed.with_columns(
                item_code=pl.lit("installation"),
                resource_type=pl.lit("technician"),
                required_by=pl.col("paid_at") + 6 * DAY,
                done_at=pl.col("signed_at") + 12 * HOUR,
            ),
            wrapped.with_columns(
                item_code=pl.lit("gift_wrap"),
                resource_type=pl.lit("warehouse"),
                required_by=pl.col("paid_at") + 2 * DAY,
                done_at=pl.col("ship_at") - 600,
            ),
        ]
    ).sort("o", "item_code")
    n = len(every)
    dropped, never = rng.random(n) < CANCELLED_SHARE, rng.random(n) < NEVER_SHARE
    lag = pl.Series(np.where(never | dropped, NEVER, rng.integers(0, 4 * HOUR, n)))
    every = every.with_columns(
        asked_at=pl.col("paid_at") + 60,
        done_at=pl.when(lag != NEVER).then(pl.col("done_at") + lag),
        cancelled_at=pl.when(pl.Series(dropped)).then(pl.col("paid_at") + 3 * HOUR),
    )
    asked = every.filter(pl.col("asked_at") <= calendar.freeze)
    known = before(asked, ["done_at", "cancelled_at"], calendar.freeze)
    return known.drop("paid_at", "ship_at", "signed_at", "delivery_method")
