"""Stock as it really moved and as it was booked: movements with late, corrected, withdrawn and missing
bookings.

`real` is what happened on the shelf, `booked` what the ERP says in the end; where they differ, `cause`
says why. Counts and files are `exports/stock.py`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.demo.care import RETURN_TIME
from dagster_project.demo.clock import DAY, HOUR, Calendar
from dagster_project.demo.words import WAREHOUSES
from dagster_project.demo.world import World

PACK = 12
"""Pieces of a pack, where a purchase was booked in packs."""
LATE, MISSING_OUT, DUPLICATE, MISSING_RETURN = 0.02, 0.0015, 0.001, 0.1
CORRECTED, WITHDRAWN, IN_PACKS, NO_ARRIVAL = 0.01, 0.006, 0.004, 0.08
TRANSFER_EVERY_DAYS = 5
COLUMNS = [
    "warehouse",
    "sku",
    "document",
    "line_no",
    "kind",
    "occurred_at",
    "recorded_at",
    "real",
    "booked",
    "first_booked",
    "corrected_at",
    "withdrawn_at",
    "reference",
    "channel_order_id",
    "cause",
]


def movements(world: World) -> pl.DataFrame:
    """One row per movement line, columns as `COLUMNS`; times in epoch seconds, `booked` null where
    never booked.

    `withdrawn_at`: the line stands in exports before it, and in none after. `corrected_at`: until then
    exports show `first_booked`.
    """
    keys = _keys(world)
    sold = _sales(world)
    parts = [
        _openings(world.calendar, keys),
        _purchases(world.calendar, keys, sold),
        sold,
        _returns(world),
        _transfers(world.calendar, keys),
    ]
    every = pl.concat(parts, how="diagonal_relaxed").filter(pl.col("occurred_at") <= world.calendar.freeze)
    rng = world.calendar.rng("recording")
    late = np.where(
        rng.random(len(every)) < LATE,
        rng.integers(3 * DAY, 20 * DAY, len(every)),
        rng.integers(60, 900, len(every)),
    )
    every = every.with_columns(
        recorded_at=pl.when(pl.col("kind") == "期初")
        .then("occurred_at")
        .otherwise(pl.col("occurred_at") + pl.Series(late))
    )
    every = every.sort("occurred_at", "document", "line_no")
    unseen = pl.col("recorded_at") > world.calendar.freeze
    every = every.with_columns(
        booked=pl.when(unseen).then(None).otherwise("booked"),
        cause=pl.when(unseen & pl.col("booked").is_not_null())
        .then(pl.lit("not_yet_recorded"))
        .otherwise("cause"),
        first_booked=pl.coalesce("first_booked", "booked"),
    )
    return every.select(COLUMNS)


def _keys(world: World) -> pl.DataFrame:
    warehouses = pl.DataFrame({"warehouse": [code for code, _, _ in WAREHOUSES]})
    return warehouses.join(world.skus.select("sku"), how="cross").with_row_index("k")


def _openings(calendar: Calendar, keys: pl.DataFrame) -> pl.DataFrame:
    quantity = pl.Series(calendar.rng("openings").integers(30, 120, len(keys)))
    return _booked(keys.with_columns(quantity=quantity), "期初", calendar.start + 60, pl.lit("OP"))


def _booked(frame: pl.DataFrame, kind: str, at: int | pl.Expr, prefix: pl.Expr) -> pl.DataFrame:
    """Rows with `quantity` as movements of one document per warehouse (and prefix), booked as they
    happened."""
    document = pl.concat_str(prefix, pl.lit("-"), "warehouse")
    moment = pl.lit(at, pl.Int64) if isinstance(at, int) else at
    frame = frame.with_columns(document=document, kind=pl.lit(kind), occurred_at=moment)
    return frame.with_columns(
        line_no=pl.int_range(1, pl.len() + 1).over("document"),
        real=pl.col("quantity"),
        booked=pl.col("quantity"),
    ).drop("quantity")


def _purchases(calendar: Calendar, keys: pl.DataFrame, sold: pl.DataFrame) -> pl.DataFrame:
    """A delivery a week and warehouse, about what was sold; some corrected, withdrawn, or booked in packs."""
    rng = calendar.rng("purchases")
    weekly = sold.group_by("warehouse", "sku").agg(
        w=(-pl.col("real").sum() * 7 / calendar.days).ceil().cast(pl.Int64)
    )
    weeks = pl.DataFrame({"week": np.arange(1, calendar.days // 7 + 1)})
    frame = keys.join(weekly, on=["warehouse", "sku"], how="left", maintain_order="left").with_columns(
        pl.col("w").fill_null(1)
    )
    frame = frame.join(weeks, how="cross").sort("week", "k")
    n = len(frame)
    frame = frame.with_columns(quantity=pl.col("w") + pl.Series(rng.integers(0, 4, n)))
    at = calendar.start + pl.col("week") * 7 * DAY - 14 * HOUR
    frame = _booked(
        frame, "采购进仓", at, pl.concat_str(pl.lit("PO"), pl.col("week").cast(pl.String).str.zfill(3))
    )
    dice = rng.random(n)
    change = pl.Series(
        np.where(
            dice < CORRECTED,
            1,
            np.where(
                dice < CORRECTED + WITHDRAWN, 2, np.where(dice < CORRECTED + WITHDRAWN + IN_PACKS, 3, 0)
            ),
        )
    )
    later = pl.col("occurred_at") + pl.Series(rng.integers(4 * DAY, 6 * DAY, n))
    later = pl.when(later <= calendar.freeze).then(later)
    frame = frame.with_columns(change=change, later=later)
    frame = frame.with_columns(
        change=pl.when(pl.col("later").is_null() & (pl.col("change") < 3)).then(0).otherwise("change")
    )
    zeroed = (pl.col("change") == 2) & (pl.col("k") % 2 == 0)
    return frame.with_columns(
        first_booked=pl.when(pl.col("change") == 1).then(pl.col("booked") * 10).otherwise("booked"),
        corrected_at=pl.when((pl.col("change") == 1) | zeroed).then("later"),
        withdrawn_at=pl.when((pl.col("change") == 2) & ~zeroed).then("later"),
        booked=pl.when(pl.col("change") == 2).then(0).otherwise("booked"),
        real=pl.when(pl.col("change") == 2)
        .then(0)
        .when(pl.col("change") == 3)
        .then(pl.col("real") * PACK)
        .otherwise("real"),
        cause=pl.when(pl.col("change") == 3).then(pl.lit("unit_of_measure")),
    ).drop("change", "later", "w", "week", "k")


def _sales(world: World) -> pl.DataFrame:
    """A document per order and dispatch; a few lines never booked, a few booked twice."""
    rng = world.calendar.rng("issues")
    sent = world.lines.filter(pl.col("line_ship_at").is_not_null())
    sent = sent.join(
        world.orders.select("o", "warehouse", "channel_order_id", "first_ship_at"),
        on="o",
        how="left",
        maintain_order="left",
    )
    dispatch = (pl.col("line_ship_at") > pl.col("first_ship_at")).cast(pl.Int64)
    frame = sent.select(
        "warehouse",
        "sku",
        "channel_order_id",
        kind=pl.lit("销售出仓"),
        occurred_at=pl.col("line_ship_at") - 300,
        document=pl.concat_str(
            pl.lit("SO"), (pl.col("o").cast(pl.Int64) * 2 + dispatch + 500_000_001).cast(pl.String)
        ),
        real=-pl.col("quantity"),
        booked=-pl.col("quantity"),
    )
    frame = frame.with_columns(line_no=pl.int_range(1, pl.len() + 1).over("document"))
    alone = pl.len().over("document") == 1
    dice = pl.Series(rng.random(len(frame)))
    frame = frame.with_columns(missed=alone & (dice < MISSING_OUT), twice=alone & (dice > 1 - DUPLICATE))
    again = frame.filter("twice").with_columns(
        document=pl.concat_str("document", pl.lit("R")),
        occurred_at=pl.col("occurred_at") + 120,
        real=pl.lit(0, pl.Int64),
        cause=pl.lit("duplicate_movement"),
    )
    frame = frame.with_columns(
        booked=pl.when(~pl.col("missed")).then("booked"),
        cause=pl.when("missed").then(pl.lit("missing_outbound")),
    )
    return pl.concat([frame, again]).drop("missed", "twice")


def _returns(world: World) -> pl.DataFrame:
    """Goods of fully refunded, shipped orders come back a day later; one receipt in ten is forgotten."""
    back = world.orders.filter(pl.col("refunded_at").is_not_null() & pl.col("ship_at").is_not_null())
    lines = back.select("o", "warehouse", "channel_order_id", "refunded_at").join(
        world.lines.filter(pl.col("line_ship_at").is_not_null()).select("o", "n", "sku", "quantity"),
        on="o",
        how="inner",
        maintain_order="left_right",
    )
    forgotten = pl.Series(world.calendar.rng("returns").random(len(lines)) < MISSING_RETURN)
    return lines.select(
        "warehouse",
        "sku",
        "channel_order_id",
        kind=pl.lit("销售退货"),
        occurred_at=pl.col("refunded_at") + RETURN_TIME,
        document=pl.concat_str(pl.lit("RT"), (pl.col("o").cast(pl.Int64) + 300_000_001).cast(pl.String)),
        line_no=pl.int_range(1, pl.len() + 1).over("o"),
        real="quantity",
        booked=pl.when(~forgotten).then("quantity"),
        cause=pl.when(forgotten).then(pl.lit("missing_return_receipt")),
    )


def _transfers(calendar: Calendar, keys: pl.DataFrame) -> pl.DataFrame:
    """Every few days some stock goes to the next warehouse; now and then nobody books the arrival."""
    rng = calendar.rng("transfers")
    codes = [code for code, _, _ in WAREHOUSES]
    days = np.arange(
        TRANSFER_EVERY_DAYS, max(calendar.days - 2, TRANSFER_EVERY_DAYS + 1), TRANSFER_EVERY_DAYS
    )
    frame = keys.join(pl.DataFrame({"day": days}), how="cross").filter(
        (pl.col("k") * 7 + pl.col("day")) % 97 == 0
    )
    quantity = pl.Series(rng.integers(1, 6, len(frame)))
    target = pl.col("warehouse").replace_strict(dict(zip(codes, codes[1:] + codes[:1], strict=True)))
    number = pl.concat_str(
        pl.lit("TR"), pl.col("day").cast(pl.String).str.zfill(3), pl.lit("-"), pl.col("k").cast(pl.String)
    )
    frame = frame.with_columns(quantity=quantity, target=target, reference=number)
    left = calendar.start + pl.col("day") * DAY + 10 * HOUR
    out = frame.select(
        "warehouse",
        "sku",
        "reference",
        document=pl.concat_str(pl.lit("TO"), "reference"),
        kind=pl.lit("调拨出"),
        occurred_at=left,
        line_no=pl.lit(1, pl.Int64),
        real=-pl.col("quantity"),
        booked=-pl.col("quantity"),
    )
    lost = pl.Series(rng.random(len(frame)) < NO_ARRIVAL)
    into = frame.select(
        pl.col("target").alias("warehouse"),
        "sku",
        "reference",
        document=pl.concat_str(pl.lit("TI"), "reference"),
        kind=pl.lit("调拨入"),
        occurred_at=left + 26 * HOUR,
        line_no=pl.lit(1, pl.Int64),
        real="quantity",
        booked=pl.when(~lost).then("quantity"),
        cause=pl.when(lost).then(pl.lit("transfer_in_transit")),
    )
    return pl.concat([out, into], how="diagonal")
