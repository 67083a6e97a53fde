"""The truth about stock: the book at as_of, and each newest count's variance with its injected cause."""

from __future__ import annotations

import polars as pl

from dagster_project.demo import counts
from dagster_project.demo.counts import KEY
from dagster_project.demo.world import World

SEVERAL = "several"
"""More than one cause was injected into the key before it was counted."""


def variances(world: World, moves: pl.DataFrame) -> pl.DataFrame:
    """The newest count of each key and count type: on_hand, book, variance, cause (null where there is none).

    A shelf differs by what was booked wrongly or not at all; a snapshot by what was booked or corrected
    after it.
    """
    shelves = [
        counts.shelf(world, moves, t, i).with_columns(
            counted_at=pl.lit(t, pl.Int64), count_type=pl.lit("physical")
        )
        for i, t in enumerate(counts.physical_times(world.calendar))
    ]
    snapshots = [
        counts.snapshot(world, moves, t).select(
            *KEY,
            "on_hand",
            extra=pl.lit(0, pl.Int64),
            counted_at=pl.lit(t, pl.Int64),
            count_type=pl.lit("system"),
        )
        for t in world.calendar.exports("jst_stock_counts")[-2:]
    ]
    newest = (
        pl.concat([*shelves, *snapshots], how="diagonal_relaxed")
        .sort("counted_at")
        .unique([*KEY, "count_type"], keep="last", maintain_order=True)
    )
    times = newest["counted_at"].unique().sort().to_list()
    parts = [_against_book(moves, newest.filter(pl.col("counted_at") == t), t) for t in times]
    frame = pl.concat(parts).with_columns(variance=pl.col("on_hand") - pl.col("book"))
    shelf_causes = pl.concat_list(
        "causes",
        pl.when(pl.col("extra") != 0).then(pl.lit(["unexplained"])).otherwise(pl.lit([], pl.List(pl.String))),
    )
    late = pl.col("variance") == -pl.col("late")
    system_causes = pl.when(late).then(pl.lit(["late_movement"])).otherwise(pl.lit(["unexplained"]))
    causes = pl.when(pl.col("count_type") == "physical").then(shelf_causes).otherwise(system_causes)
    named = pl.when(causes.list.len() == 1).then(causes.list.first()).otherwise(pl.lit(SEVERAL))
    frame = frame.with_columns(cause=pl.when(pl.col("variance") != 0).then(named))
    return frame.drop("causes", "extra", "late").sort("count_type", *KEY)


def _against_book(moves: pl.DataFrame, counted: pl.DataFrame, at: int) -> pl.DataFrame:
    """`counted` with book, causes (injected by then) and late (pieces booked after `at` that occurred
    before)."""
    earlier = moves.filter(pl.col("occurred_at") <= at)
    causes = (
        earlier.filter(pl.col("cause").is_not_null())
        .group_by(KEY)
        .agg(causes=pl.col("cause").unique().sort())
    )
    after = earlier.filter((pl.col("recorded_at") > at) & pl.col("booked").is_not_null())
    late = after.group_by(KEY).agg(late=pl.col("booked").sum())
    frame = counted.join(counts.book(moves, at).drop("last_movement_at"), on=KEY, how="left")
    frame = frame.join(causes, on=KEY, how="left").join(late, on=KEY, how="left")
    return frame.with_columns(pl.col("book", "late").fill_null(0), pl.col("causes").fill_null([]))
