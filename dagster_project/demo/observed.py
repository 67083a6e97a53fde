"""What the exports let one know of an order's end: when it was closed or fully refunded, as the KPI
rules read it.

The closing time is the export's, else that of the event that says it, else the first export that shows it.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import Calendar
from dagster_project.demo.exports.luyue_orders import SHOWS_CLOSING, SOURCE
from dagster_project.demo.words import PLATFORM_EXPORTS


def add_ends(calendar: Calendar, orders: pl.DataFrame) -> pl.DataFrame:
    """`orders` with ended_at: epoch seconds at which the order was over (closed or fully refunded), or
    null."""
    channels = orders["channel"].unique().sort().to_list()
    shown = [_first_shown(calendar, channel) for channel in channels]
    ends = pl.concat(
        [
            orders.filter(pl.col("channel") == c)
            .select("o", "closed_at")
            .sort("closed_at")
            .join_asof(times, left_on="closed_at", right_on="export_at", strategy="forward")
            for c, times in zip(channels, shown, strict=True)
        ]
    )
    frame = orders.join(ends.select("o", "export_at"), on="o", how="left", maintain_order="left")
    closed = (
        pl.when(pl.col("channel").is_in(list(SHOWS_CLOSING)) | pl.col("has_event"))
        .then("closed_at")
        .otherwise("export_at")
    )
    return frame.with_columns(ended_at=pl.min_horizontal(closed, "refunded_at")).drop("export_at")


def _first_shown(calendar: Calendar, channel: str) -> pl.DataFrame:
    times = calendar.exports(PLATFORM_EXPORTS.get(channel, SOURCE))
    return pl.DataFrame({"export_at": times}, schema={"export_at": pl.Int64})
