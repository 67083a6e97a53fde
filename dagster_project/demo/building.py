"""From arguments to files: simulates the world, writes the exports, works out the truth.

Which files there are is decided by the modules of `exports`; what is true by those of `truth`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl

from dagster_project.demo import (
    anomalies,
    care,
    counts,
    events,
    observed,
    services,
    stock,
    touchpoints,
    world,
)
from dagster_project.demo.clock import Calendar, stamp
from dagster_project.demo.exports import (
    douyin,
    feeds,
    jd,
    luyue_orders,
    masters,
    pos,
    spoiled,
    taobao,
    tracks,
)
from dagster_project.demo.exports import services as service_files
from dagster_project.demo.exports import stock as stock_files
from dagster_project.demo.exports.writing import Landing
from dagster_project.demo.truth import merges, promises, tables

MIN_ORDERS, MIN_DAYS = 60, 10


def build(
    out: Path, orders: int, calendar: Calendar, progress: Callable[[str], None]
) -> dict[str, int | str]:
    """See `dagster_project.demo.generate`."""
    if orders < MIN_ORDERS or calendar.days < MIN_DAYS:
        raise ValueError(
            f"demo: {orders} orders in {calendar.days} days make no world; "
            f"give at least {MIN_ORDERS} and {MIN_DAYS}"
        )
    landing = Landing(out / "landing")
    if landing.root.exists() and any(landing.root.iterdir()):
        raise FileExistsError(f"{landing.root} already holds files; give another folder or empty it first")
    progress("world")
    made = world.build(calendar, orders)
    facts = _facts(made)
    moves = stock.movements(made)
    progress("exports")
    for module in (douyin, taobao, jd, pos, tracks, masters):
        progress(f"exports: {module.__name__.rsplit('.', 1)[-1]}")
        module.write(made, landing)
    progress("exports: luyue_orders")
    luyue_orders.write(made, facts["methods"], landing)
    service_files.write(calendar, facts["services"], landing)
    progress("exports: feeds")
    for feed in (*feeds.care_feeds(facts), feeds.listings(made), feeds.statuses(made)):
        feeds.write(made, feed, landing)
    feeds.write(made, _touchpoint_feed(facts["touchpoints"]), landing)
    stock_files.write(made, moves, landing)
    spoils = spoiled.write(made, landing)
    progress("truth")
    tables.write(out / "truth", made, facts, moves)
    spoils.write(out / "truth")
    meta: dict[str, int | str] = {
        "orders": len(made.orders),
        "lines": len(made.lines),
        "people": len(made.people),
        "days": calendar.days,
        "seed": calendar.seed,
        "start": calendar.first_day.isoformat(),
        "as_of": stamp(calendar.as_of, "%Y-%m-%d %H:%M:%S"),
        "files": sum(landing.files.values()),
        "merge_groups": len(facts["groups"]),
        "physical_counts": len(counts.physical_times(calendar)),
    }
    (out / "truth" / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    return meta


def _facts(made: world.World) -> dict[str, pl.DataFrame]:
    """All that happens around the orders, and how it is judged."""
    calendar = made.calendar
    judged = promises.judge(calendar, observed.add_ends(calendar, made.orders))
    derived = anomalies.derive(made, judged)
    cases = care.cases(calendar, judged, derived)
    names = judged.select("o", "channel", "channel_order_id")
    uncased = derived.join(cases.select("o", "event_code"), on=["o", "event_code"], how="anti")
    uncased = uncased.join(names, on="o", how="left").with_columns(is_derived=pl.lit(True))
    told = events.build(calendar, made.orders)
    members = merges.groups(judged)
    methods = services.methods(made)
    return {
        "methods": methods,
        "services": services.items(calendar, judged, methods),
        "orders": judged,
        "events": told,
        "cases": cases,
        "changes": care.changes(calendar, judged),
        "offers": care.offers(calendar, judged),
        "aftersales": care.aftersales(calendar, judged),
        "surveys": care.surveys(calendar, judged),
        "touchpoints": touchpoints.build(made),
        "members": members,
        "anomalies": pl.concat(
            [cases.with_columns(is_derived=pl.lit(False)), uncased], how="diagonal_relaxed"
        ),
        "groups": merges.outcomes(members, judged, told),
    }


def _touchpoint_feed(records: pl.DataFrame) -> feeds.Feed:
    return feeds.Feed(
        "customer_records", records.drop("p"), ("occurred_at",), forms=("csv", "gb18030"), every=6
    )
