"""Stock counts of the simulated merchant: what the ERP's daily snapshot says, and what people count on the shelf.

Also the truth behind them: the book, and each newest count's variance with its cause.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import DAY, HOUR, Calendar
from dagster_project.demo.world import World

KEY = ["warehouse", "sku"]
PHYSICAL_EVERY_DAYS = 20
UNEXPLAINED_IN = 61
"""Every so many keys a physical count is off by a little that nothing explains."""
SNAPSHOT_OFF_IN = 211
"""Every so many keys the ERP's snapshot itself is off."""


def snapshot(world: World, moves: pl.DataFrame, at: int) -> pl.DataFrame:
    """warehouse, sku, on_hand, locked of the ERP at `at`: what was recorded by then, in the version of then."""
    known = moves.filter(
        (pl.col("recorded_at") <= at)
        & (pl.col("occurred_at") <= at)
        & pl.col("first_booked").is_not_null()
        & (pl.col("booked").is_not_null())
        & (pl.col("withdrawn_at") > at).fill_null(True)
    )
    shown = pl.when(pl.col("corrected_at") <= at).then("booked").otherwise("first_booked")
    stock = known.group_by(KEY).agg(on_hand=shown.sum())
    odd = (
        pl.col("sku") * 5 + pl.col("warehouse").str.len_bytes() * 3 + pl.col("warehouse").rank("dense")
    ) % SNAPSHOT_OFF_IN == 0
    stock = stock.sort(KEY).with_columns(on_hand=pl.col("on_hand") + pl.when(odd).then(3).otherwise(0))
    return stock.join(_locked(world, at), on=KEY, how="left", maintain_order="left").with_columns(
        pl.col("locked").fill_null(0)
    )


def _locked(world: World, at: int) -> pl.DataFrame:
    """Pieces of paid, open, unshipped lines."""
    open_orders = world.orders.filter(
        (pl.col("paid_at") <= at) & (pl.col("channel") != "pos") & (pl.col("closed_at") > at).fill_null(True)
    )
    waits = world.lines.filter(
        (pl.col("line_ship_at") > at).fill_null(True) & (pl.col("line_cancelled_at") > at).fill_null(True)
    )
    lines = waits.join(open_orders.select("o", "warehouse"), on="o", how="inner")
    return lines.group_by(KEY).agg(locked=pl.col("quantity").sum())


def physical_times(calendar: Calendar) -> list[int]:
    """When shelves are counted: in the evening, each time a third of the keys."""
    days = range(calendar.days - 3, 0, -PHYSICAL_EVERY_DAYS)
    return [calendar.start + d * DAY + 21 * HOUR for d in sorted(days)]


def shelf(world: World, moves: pl.DataFrame, at: int, turn: int) -> pl.DataFrame:
    """warehouse, sku, on_hand, extra: what is counted on the shelf at `at`; `extra` is what nothing explains."""
    real = moves.filter(pl.col("occurred_at") <= at).group_by(KEY).agg(on_hand=pl.col("real").sum()).sort(KEY)
    number = pl.int_range(pl.len())
    real = real.with_columns(
        extra=pl.when(number % UNEXPLAINED_IN == 7).then(2 - number % 5).otherwise(0), nth=number
    )
    counted = real.filter(pl.col("nth") % 3 == turn % 3).drop("nth")
    return counted.with_columns(on_hand=pl.col("on_hand") + pl.col("extra"))


def book(moves: pl.DataFrame, at: int) -> pl.DataFrame:
    """warehouse, sku, book, last_movement_at: what is known in the end of all that occurred by `at`."""
    shown = moves.filter(
        pl.col("booked").is_not_null() & (pl.col("occurred_at") <= at) & pl.col("withdrawn_at").is_null()
    )
    return (
        shown.group_by(KEY)
        .agg(book=pl.col("booked").sum(), last_movement_at=pl.col("occurred_at").max())
        .sort(KEY)
    )


def variances(world: World, moves: pl.DataFrame, at_snapshot: int) -> pl.DataFrame:
    """The newest count of each key and type against the book: counted, book, variance, cause (null for none)."""
    shelves = [
        shelf(world, moves, t, i).with_columns(counted_at=pl.lit(t), count_type=pl.lit("physical"))
        for i, t in enumerate(physical_times(world.calendar))
    ]
    system = snapshot(world, moves, at_snapshot).select(
        *KEY,
        "on_hand",
        extra=pl.lit(0, pl.Int64),
        counted_at=pl.lit(at_snapshot),
        count_type=pl.lit("system"),
    )
    newest = (
        pl.concat([*shelves, system], how="diagonal_relaxed")
        .sort("counted_at")
        .unique([*KEY, "count_type"], keep="last", maintain_order=True)
    )
    parts = []
    for (at,), counted in newest.group_by("counted_at", maintain_order=True):
        causes = (
            moves.filter((pl.col("occurred_at") <= at) & pl.col("cause").is_not_null())
            .group_by(KEY)
            .agg(causes=pl.col("cause").unique().sort())
        )
        booked = book(moves, int(at)).drop("last_movement_at")
        parts.append(counted.join(booked, on=KEY, how="left").join(causes, on=KEY, how="left"))
    frame = pl.concat(parts).with_columns(pl.col("book").fill_null(0), causes=pl.col("causes").fill_null([]))
    named = (
        pl.when(pl.col("causes").list.len() == 1)
        .then(pl.col("causes").list.first())
        .when(pl.col("causes").list.len() > 1)
        .then(pl.lit("several"))
    )
    frame = frame.with_columns(variance=pl.col("on_hand") - pl.col("book"))
    physical = (
        pl.when(pl.col("extra") != 0)
        .then(
            pl.when(pl.col("causes").list.len() == 0).then(pl.lit("unexplained")).otherwise(pl.lit("several"))
        )
        .otherwise(named)
    )
    cause = (
        pl.when(pl.col("variance") == 0)
        .then(None)
        .when(pl.col("count_type") == "physical")
        .then(physical)
        .otherwise(pl.lit("unexplained"))
    )
    return frame.with_columns(cause=cause).drop("causes", "extra").sort("count_type", *KEY)
