"""The feed `service_items`: what is new, done or cancelled in the last four days, in its state of then."""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import FEED_WINDOW, Calendar, changed_within, stamp
from dagster_project.demo.exports.luyue_orders import put
from dagster_project.demo.exports.writing import Landing

SOURCE = "luyue_service_items"
FORMS = ("csv", "jsonl", "gb18030")
TIMES = ["asked_at", "done_at", "cancelled_at"]


def write(calendar: Calendar, items: pl.DataFrame, landing: Landing) -> None:
    """All files; the forms take turns, and so do the words for done."""
    for i, at in enumerate(calendar.exports(SOURCE)):
        rows = changed_within(items, TIMES, at, FEED_WINDOW)
        done = "已完成" if i % 2 else "done"
        frame = rows.select(
            "channel",
            "channel_order_id",
            "item_code",
            "required_by",
            "resource_type",
            status=pl.when(pl.col("cancelled_at") <= at)
            .then(pl.lit("cancelled"))
            .when(pl.col("done_at") <= at)
            .then(pl.lit(done))
            .otherwise(pl.lit("pending")),
        )
        put(landing, SOURCE, f"{SOURCE}_{stamp(at)}", frame, FORMS[i % len(FORMS)])
