"""The officer's figures: silence after a broken promise, customers who pressed, high-value customers who did
not come back, orders split as they had to be. From the true world, in the form of `further.py`.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import DAY, Calendar
from dagster_project.demo.fulfilment import NODES
from dagster_project.demo.truth import splits
from dagster_project.demo.truth.kpis import facts
from dagster_project.demo.world import World

AGAIN_DAYS = 30
SHOWS_NO_SIGNING = ("jd",)


def figures(world: World, tables: dict[str, pl.DataFrame], worth: pl.DataFrame) -> list[pl.DataFrame]:
    """channel, kpi, at, numerator, denominator. `worth`: owner and tier."""
    return [
        *_silence(world, tables),
        _lost(world.calendar, tables["orders"], worth),
        *_splits(splits.needs(world, tables)),
    ]


def _silence(world: World, tables: dict[str, pl.DataFrame]) -> list[pl.DataFrame]:
    now = world.calendar.as_of
    broken = tables["orders"].filter(~pl.col("is_on_time"))
    own = pl.when(~pl.col("channel").is_in(list(SHOWS_NO_SIGNING)) & ~pl.col("with_waybill"))
    own_times = broken.with_columns(own_signed_at=own.then("shown_signed_at"))
    steps = ["first_ship_at", "ship_at", "ended_at", "own_signed_at"]
    bills = world.lines.select("o", "parcel").unique().filter(pl.col("parcel").is_not_null())
    scans = bills.join(world.parcels.select("parcel", *NODES), on="parcel")
    seen = pl.concat(
        [
            *(own_times.select("o", at=c) for c in steps),
            *(scans.select("o", at=c) for c in NODES),
            tables["offers"].select("o", at="offered_at"),
            tables["changes"].select("o", at="decided_at"),
        ],
        how="vertical_relaxed",
    )
    after = seen.join(broken.select("o", due="promise_due_at"), on="o")
    after = after.filter((pl.col("at") > pl.col("due")) & (pl.col("at") <= now))
    broken = broken.join(after.group_by("o").agg(pl.col("at").min()), on="o", how="left")
    minutes = (pl.col("at").fill_null(now) - pl.col("promise_due_at")) // 60
    return [
        facts(broken, "silent_wait_minutes", "promise_due_at", minutes),
        facts(
            broken, "broken_promise_expedite_rate", "promise_due_at", _pressed(now, broken, tables["changes"])
        ),
    ]


def _pressed(now: int, broken: pl.DataFrame, changes: pl.DataFrame) -> pl.Expr:
    """Whether the customer asked to expedite after the promise passed, until it was met or the order over."""
    until = pl.min_horizontal("promise_met_at", "ended_at", pl.lit(now))
    waits = broken.select("o", "promise_due_at", until=until)
    asked = changes.filter((pl.col("request_type") == "expedite") & (pl.col("initiator") == "customer"))
    asked = asked.join(waits, on="o").filter(
        (pl.col("requested_at") > pl.col("promise_due_at")) & (pl.col("requested_at") <= pl.col("until"))
    )
    return pl.col("o").is_in(asked["o"].implode())


def _lost(calendar: Calendar, orders: pl.DataFrame, worth: pl.DataFrame) -> pl.DataFrame:
    high = worth.filter(pl.col("tier") == "high").select("owner")
    mine = orders.join(high, on="owner")
    due = mine.filter(pl.col("is_on_time").is_not_null())
    due = due.sort("is_on_time", "promise_due_at", "channel", "channel_order_id")
    first = due.unique("owner", keep="first", maintain_order=True)
    again = first.select("owner", due="promise_due_at").join(mine.select("owner", "ordered_at"), on="owner")
    wait = pl.col("ordered_at") - pl.col("due")
    back = again.filter((wait > 0) & (wait <= AGAIN_DAYS * DAY))
    over = first.filter(pl.col("promise_due_at") + AGAIN_DAYS * DAY <= calendar.as_of)
    return facts(
        over, "high_value_lost_rate", "promise_due_at", ~pl.col("owner").is_in(back["owner"].implode())
    )


def _splits(needs: pl.DataFrame) -> list[pl.DataFrame]:
    judged = needs.filter(pl.col("split_status").is_in(list(splits.JUDGED)))
    apart = pl.col("split_status").is_in([splits.AS_NEEDED, splits.TOO_MANY])
    extra = (pl.col("parcel_count") - pl.col("needed_parcel_count")).clip(0) * splits.PARCEL_FEN
    several = judged.filter(pl.col("needed_parcel_count") > 1)
    return [
        facts(several, "split_as_needed_rate", "paid_at", apart),
        facts(judged, "extra_parcel_freight_cny", "paid_at", extra),
    ]
