"""What the pages of the dashboard ask of the published file, and what stands behind each of their numbers,
timed one by one and without a browser: which page, which filter and which door is slow.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from app import periods, published
from app.access import people, policy
from app.access.policy import Policy
from app.components.doors import Doors
from app.frame import Desk
from app.labels import Labels
from app.queries import actions, index, listing, missed, order, places, reader, trust
from app.queries import fulfilment as promises
from app.queries.listing import Rows, Wanted
from app.queries.scope import Scope
from app.rooms import (
    anomalies,
    contracts,
    customers,
    fulfilment,
    inventory,
    operations,
    quality,
    resources,
    rules,
)
from dagster_project import settings
from dagster_project.settings import Settings

ROOMS = (fulfilment, anomalies, contracts, customers, inventory, quality, resources, rules, operations)
ROLES = ("auditor", "executive")
PERIODS = ("week", "total")
SHOWN = 5


@dataclass(frozen=True)
class Asked:
    """One page drawn, or one door opened, with nothing kept from before."""

    kind: str
    """`page` or `rows`."""
    what: str
    view: str
    seconds: float


def ask(told: Settings) -> list[Asked]:
    """Every page in each role, for all channels and the largest, for a week and all time; and its doors."""
    os.environ["LUYUE_DATA"] = str(told.data)
    version = published.current(told.serving)
    asked: list[Asked] = []
    for role in ROLES:
        with policy.acting_as(Policy(role)):
            largest = index.channels(version)[0]
            for channel in ("all", largest):
                for kind in PERIODS:
                    desk = _desk(version, channel, kind)
                    asked += _views(desk, f"{role} {channel} {kind}")
    return asked


def _views(desk: Desk, view: str) -> Iterator[Asked]:
    for room in ROOMS:
        name, doors = room.__name__.rsplit(".", 1)[-1], Doors()
        yield _timed("page", name, view, partial(room.body, desk, doors))
        kinds: dict[str, Rows] = {}
        for door_name, door in doors.behind.items():
            kinds.setdefault(door_name.split("/")[0], door.rows)
        for kind, rows in kinds.items():
            yield _timed("rows", f"{name}: {kind}", view, partial(_opened, desk, rows))
    yield _timed("page", "overview", view, partial(_overview, desk))
    for kpi in index.PARTS:
        yield _timed("rows", f"overview: {kpi}", view, partial(_opened, desk, missed.rows(kpi, desk.scope)))
    for group in actions.first(desk.version, desk.scope.channel).to_dicts()[:1]:
        mine = actions.rows(desk.scope.channel, group["event_code"], group["place"])
        yield _timed("rows", "overview: to do first", view, partial(_opened, desk, mine))
    queue = actions.all_open(desk.scope.channel, "all")
    yield _timed("rows", "service: open anomalies", view, partial(_opened, desk, queue))
    yield from _of_one_order(desk, view)


def _of_one_order(desk: Desk, view: str) -> Iterator[Asked]:
    """The longest late order of the period, if there is one: searched among its like, and its timeline."""
    late = promises.late(desk.scope, "late").rows
    found = listing.page(desk.version, late, Wanted(order=late.order))
    if found.is_empty():
        return
    channel, number = found["channel"][0], found["channel_order_id"][0]
    searched = Wanted(search=number, order=late.order)
    yield _timed("rows", "fulfilment: late, searched", view, partial(_opened, desk, late, searched))
    yield _timed("page", "service: order by its number", view, partial(order.heads, desk.version, "", number))
    yield _timed("page", "order", view, partial(_order, desk, channel, number))


def _order(desk: Desk, channel: str, number: str) -> None:
    order.heads(desk.version, channel, number)
    order.timeline(desk.version, channel, number)
    order.lines(desk.version, channel, number)


def _overview(desk: Desk) -> None:
    index.periods(desk.version, desk.scope.channel, desk.as_of)
    index.period(desk.version, desk.scope)
    index.before(desk.version, desk.scope)
    index.points(desk.version, desk.scope.channel, "day", desk.scope.start)
    index.histories(desk.version, desk.scope.channel, "day", desk.scope.start, 90)
    trust.sources(desk.version)
    places.warehouses(desk.version)
    actions.first(desk.version, desk.scope.channel)


def _opened(desk: Desk, rows: Rows, wanted: Wanted | None = None) -> None:
    wanted = wanted or Wanted(order=rows.order)
    if listing.count(desk.version, rows, wanted):
        listing.page(desk.version, rows, wanted)


def _timed(kind: str, what: str, view: str, draw: Callable[[], Any]) -> Asked:
    reader.forget()
    started = time.monotonic()
    draw()
    return Asked(kind, what, view, round(time.monotonic() - started, 3))


def _desk(version: published.Version, channel: str, kind: str) -> Desk:
    as_of = trust.as_of(version)
    offered = periods.from_rows(index.periods(version, channel, as_of).to_dicts())
    period = periods.default_start(offered, kind)
    mine = policy.current()
    return Desk(
        version=version,
        as_of=as_of,
        scope=Scope(channel, kind, period.start),
        period=period,
        offered=offered,
        warehouse="all",
        say=Labels("zh"),
        person=people.local("bench"),
        policy=mine,
    )


def _told(asked: list[Asked]) -> dict[str, Any]:
    """By kind: how many, their 95th percentile, and the slowest in words."""
    kinds: dict[str, list[Asked]] = {"page": [], "rows": []}
    for one in sorted(asked, key=lambda one: -one.seconds):
        kinds[one.kind].append(one)
    return {
        "asked": {kind: len(all_of) for kind, all_of in kinds.items()},
        "p95": {kind: all_of[len(all_of) // 20].seconds for kind, all_of in kinds.items()},
        "slowest": {
            kind: "; ".join(f"{one.what} ({one.view}) {one.seconds}" for one in all_of[:SHOWN])
            for kind, all_of in kinds.items()
        },
    }


if __name__ == "__main__":
    json.dump(_told(ask(settings.load(data=Path(sys.argv[1]), env={}))), sys.stdout)
