"""Stock counts of the simulated merchant: what the ERP's daily snapshot says, and what people count on
the shelf.

Also the book that they are held against. Variances and their causes are `truth/stock.py`.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import DAY, HOUR, Calendar
from dagster_project.demo.world import World

KEY = ["warehouse", "sku"]
PHYSICAL_EVERY_DAYS = 20
UNEXPLAINED_IN = 61
"""Every so many keys a physical count is off by a little that nothing explains."""
ABSENT_AT_LAST = "WH-WH"
"""The warehouse that the last snapshot forgets."""
SNAPSHOT_OFF_IN = 211
"""Every so many keys the ERP's snapshot itself is off."""


def snapshot(world: World, moves: pl.DataFrame, at: int) -> pl.DataFrame:
    """warehouse, sku, on_hand, locked of the ERP at `at`: what was recorded by then, in the version of then.

    The last snapshot of the world lacks one warehouse, whose newest count is therefore an export older.
    """
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
    if at >= world.calendar.freeze:
        stock = stock.filter(pl.col("warehouse") != ABSENT_AT_LAST)
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
    """warehouse, sku, on_hand, extra: what is counted on the shelf at `at`; `extra` is what nothing
    explains."""
    real = moves.filter(pl.col("occurred_at") <= at).group_by(KEY).agg(on_hand=pl.col("real").sum()).sort(KEY)
    number = pl.int_range(pl.len())
    real = real.with_columns(
        extra=pl.when(number % UNEXPLAINED_IN == 7).then(2 - number % 5).otherwise(0), nth=number
    )
    counted = real.filter(pl.col("nth") % 3 == turn % 3).drop("nth")
    return counted.with_columns(on_hand=pl.col("on_hand") + pl.col("extra"))


def book(moves: pl.DataFrame, at: int) -> pl.DataFrame:
    """warehouse, sku, book, last_movement_at: what is known in the end of all that occurred
    by `at`; a line withdrawn by a quantity of 0 is no movement."""
    shown = moves.filter(
        (pl.col("booked") != 0) & (pl.col("occurred_at") <= at) & pl.col("withdrawn_at").is_null()
    )
    return (
        shown.group_by(KEY)
        .agg(book=pl.col("booked").sum(), last_movement_at=pl.col("occurred_at").max())
        .sort(KEY)
    )
