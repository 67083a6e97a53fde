"""The whole simulated world in frames: people, dwellings, SKUs, orders, lines, parcels. No files, no truth.

Each frame is made by the module of its topic; here they are joined and given their ids.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from dagster_project.demo import dwellings, fulfilment, identifiers, orders, people, spellings
from dagster_project.demo.barcodes import ean
from dagster_project.demo.clock import HOUR, Calendar, before, seen
from dagster_project.demo.words import PRODUCTS, SPECS, WAREHOUSES

LINE_CANCEL_CHANNELS = ("douyin", "taobao")
LINE_CANCEL_SHARE = 0.06
FREIGHT_FEN = 800


@dataclass(frozen=True)
class World:
    """Frames keyed by small integers: p (person), a (address), o (order), sku, parcel."""

    calendar: Calendar
    people: pl.DataFrame
    dwellings: pl.DataFrame
    skus: pl.DataFrame
    orders: pl.DataFrame
    lines: pl.DataFrame
    parcels: pl.DataFrame


def build(calendar: Calendar, count: int) -> World:
    """Simulates `count` orders. Deterministic in the calendar's seed."""
    folk = people.build(calendar, count)
    homes = dwellings.build(calendar, people.address_count(folk))
    skus = _skus(calendar, count)
    placed = orders.build(calendar, folk, count)
    bought = orders.lines(calendar, placed, skus)
    line_count = bought.group_by("o", maintain_order=True).len()["len"]
    done = fulfilment.build(calendar, placed, line_count)
    done = identifiers.accounts(identifiers.order_ids(done))
    done = spellings.receivers(calendar, spellings.write(calendar, done, homes), folk)
    done = _amounts(calendar, done.with_columns(line_count=line_count), bought)
    bought = _line_ends(calendar, done, bought)
    done = _exported_signing(calendar, done)
    parcels = _parcels(calendar, done)
    numbers = parcels.select("parcel", "waybill_no", carrier="carrier")
    shown = pl.when("with_waybill").then("parcel")
    done = done.with_columns(shown_parcel=shown).join(
        numbers, left_on="shown_parcel", right_on="parcel", how="left", maintain_order="left"
    )
    bought = bought.join(numbers, on="parcel", how="left", maintain_order="left")
    return World(calendar, folk, homes, skus, done, bought, parcels)


def _skus(calendar: Calendar, count: int) -> pl.DataFrame:
    """sku, sku_code, name, category, spec, price and cost (fen), weight_kg, temperature_class."""
    rng = calendar.rng("skus")
    n = int(np.clip(count // 60, 60, 2_000))
    kind = np.arange(n) % len(PRODUCTS)
    price = rng.integers(19, 900, n) * 100 - 10
    names, categories = (np.array([p[i] for p in PRODUCTS])[kind] for i in range(2))
    spec = np.array(SPECS)[rng.integers(0, len(SPECS), n)]
    frozen = np.where(names == "冷冻牛排", "frozen", np.where(categories == "生鲜", "chilled", "ambient"))
    frame = pl.DataFrame(
        {
            "sku": np.arange(n),
            "name": names,
            "category": categories,
            "spec": spec,
            "price": price,
            "cost": (price * rng.uniform(0.35, 0.7, n)).astype(int),
            "temperature_class": frozen,
            "weight_kg": np.round(rng.uniform(0.1, 6, n), 2),
        }
    )
    number = (pl.col("sku") + 1).cast(pl.String).str.zfill(4)
    return frame.with_columns(
        sku_code=pl.concat_str(pl.lit("LY"), number),
        barcode=pl.concat_str(pl.lit("69"), (pl.col("sku") * 104_729 % 10**9 + 10**9).cast(pl.String)),
        title=pl.concat_str("name", pl.lit(" "), number),
    ).with_columns(barcode=pl.col("barcode").map_elements(ean, pl.String))


def _amounts(calendar: Calendar, frame: pl.DataFrame, bought: pl.DataFrame) -> pl.DataFrame:
    rng = calendar.rng("amounts")
    goods = bought.group_by("o", maintain_order=True).agg(
        pl.col("line_amount").sum(), pl.col("quantity").sum()
    )
    till = pl.col("channel") == "pos"
    dice = pl.Series(rng.random(len(frame)))
    return frame.with_columns(
        goods=goods["line_amount"],
        pieces=goods["quantity"],
        freight=pl.when(till | (dice > 0.2)).then(0).otherwise(FREIGHT_FEN),
        discount=pl.when(till | (dice < 0.7)).then(0).otherwise(goods["line_amount"] // 10),
        warehouse=(pl.col("a") * 11 % len(WAREHOUSES)).replace_strict(
            {i: w[0] for i, w in enumerate(WAREHOUSES)}, return_dtype=pl.String
        ),
    ).with_columns(paid_amount=pl.col("goods") + pl.col("freight") - pl.col("discount"))


def _line_ends(calendar: Calendar, frame: pl.DataFrame, bought: pl.DataFrame) -> pl.DataFrame:
    """`bought` with paid_share (fen), line_cancelled_at, line_ship_at and parcel (of the line)."""
    rng = calendar.rng("line_ends")
    cut = (
        pl.col("channel").is_in(list(LINE_CANCEL_CHANNELS))
        & (pl.col("line_count") > 1)
        & ~pl.col("is_split")
        & pl.col("ship_at").is_not_null()
        & pl.Series(rng.random(len(frame)) < LINE_CANCEL_SHARE)
    )
    half = (pl.col("paid_at") + pl.col("ship_at")) // 2
    order = frame.select(
        "o",
        "line_count",
        "first_ship_at",
        "ship_at",
        "is_split",
        "with_waybill",
        "goods",
        "paid_amount",
        own="parcel",
        cut_at=pl.when(cut).then(half),
    )
    lines = bought.join(order, on="o", how="left", maintain_order="left")
    is_last, is_first = pl.col("n") == pl.col("line_count"), pl.col("n") == 1
    share = pl.col("paid_amount") * pl.col("line_amount") // pl.col("goods")
    lines = lines.with_columns(share=share, line_cancelled_at=pl.when(is_last).then("cut_at"))
    rest = pl.col("paid_amount") - pl.col("share").sum().over("o")
    early = pl.col("is_split") & is_first
    parcel = pl.when(early).then(pl.col("o").cast(pl.Int64) + len(frame)).otherwise("own")
    ship = pl.when(early).then("first_ship_at").otherwise("ship_at")
    gone = pl.col("line_cancelled_at").is_not_null()
    lines = lines.with_columns(
        paid_share=pl.col("share") + pl.when(is_first).then(rest).otherwise(0),
        line_ship_at=pl.when(~gone).then(ship),
    )
    sent = pl.col("with_waybill") & pl.col("line_ship_at").is_not_null()
    return lines.with_columns(parcel=pl.when(sent).then(parcel)).drop(
        "share", "cut_at", "own", "goods", "paid_amount", "first_ship_at", "ship_at", "with_waybill"
    )


def _exported_signing(calendar: Calendar, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with shown_signed_at: what an order export says, now and then later than the signed scan."""
    rng = calendar.rng("signing")
    lag = np.where(rng.random(len(frame)) < 0.2, rng.integers(HOUR // 2, 2 * HOUR, len(frame)), 0)
    shown = pl.col("signed_at") + pl.when("with_waybill").then(pl.Series(lag)).otherwise(0)
    frame = frame.with_columns(shown_signed_at=shown)
    return frame.with_columns(shown_signed_at=seen("shown_signed_at", calendar.freeze))


def _parcels(calendar: Calendar, frame: pl.DataFrame) -> pl.DataFrame:
    """parcel, carrier, com, waybill_no, six scan times, last_code, channel: what carriers know of
    waybills."""
    nodes = list(fulfilment.NODES)
    own = frame.filter(pl.col("with_waybill") & pl.col("ship_at").is_not_null())
    own = own.filter(pl.col("parcel") == pl.col("o").cast(pl.Int64)).select(
        pl.col("parcel").cast(pl.Int64), "channel", "last_code", *nodes
    )
    early = frame.filter(pl.col("is_split") & pl.col("with_waybill") & pl.col("first_ship_at").is_not_null())
    hours = dict(zip(nodes, (3, 12, 22, 30, 36, 40), strict=True))
    early = early.select(
        pl.col("o").cast(pl.Int64).alias("parcel") + len(frame),
        "channel",
        last_code=pl.lit(301, pl.Int64),
        **{k: pl.col("first_ship_at") + h * HOUR for k, h in hours.items()},
    )
    parcels = before(pl.concat([own, early], how="diagonal_relaxed").sort("parcel"), nodes, calendar.freeze)
    name, com, waybill = identifiers.waybills(pl.col("parcel"))
    return parcels.with_columns(carrier=name, com=com, waybill_no=waybill)
