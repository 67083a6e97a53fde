"""Customers: how many records are known to be one person, how sure that is, and who are they worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import formats, identity_desk
from app.components import answer, grid, kpis, tracks
from app.components.answer import Answer, Figure
from app.components.doors import Doors
from app.components.kpis import count
from app.components.tracks import Row, Scale
from app.frame import Desk
from app.queries import customers
from app.queries import kpis as kpi_rows
from app.states import State, state_of

KPI = "unification_rate"
ALL = "all"

Quality = Mapping[tuple[str, str], Mapping[str, Any]]


def body(desk: Desk, doors: Doors) -> str:
    """The page."""
    quality = customers.quality(desk.version)
    return (
        _answer(desk, doors, quality)
        + _channels(desk, doors)
        + _sizes(desk, doors, quality)
        + _tiers(desk, doors)
        + _versions(desk, doors)
    )


def after(desk: Desk, _: str | None) -> None:
    """What a steward does here."""
    with st.container(key="card_identity"):
        identity_desk.draw(desk)


def _answer(desk: Desk, doors: Doors, quality: Quality) -> str:
    say = desk.say
    own = kpi_rows.found(desk.version, desk.scope).get(KPI, {})
    alone = customers.alone(desk.scope, say("customers.alone"))
    single = (own.get("denominator") or 0) - (own.get("numerator") or 0)
    figure = Figure(
        say(f"kpi.{KPI}"),
        formats.percent(own.get("value")),
        "",
        doors.hang("alone", alone if single else None),
        state_of(own.get("value"), own.get("target"), own.get("status")),
    )
    told = Answer(say("customers.question"), figure, kpis.facts(own, say), _sentence(desk, quality))
    return answer.html(told, _figures(desk, doors, quality), say)


def _sentence(desk: Desk, quality: Quality) -> str:
    say = desk.say
    records, people = (quality.get((kpi, ALL), {}).get("value") for kpi in ("records", "customers"))
    if records is None or people is None:
        return say("customers.no_version")
    told = [say("customers.told", records=count(records, say), customers=count(people, say))]
    waiting = quality.get(("review_backlog", ALL), {}).get("numerator")
    if waiting:
        told.append(say("customers.waiting", n=count(waiting, say)))
    return ("" if say.lang == "zh" else " ").join(told)


def _figures(desk: Desk, doors: Doors, quality: Quality) -> list[Figure]:
    say = desk.say
    people = say("customers.customers")
    by_records = customers.people(desk.scope, say("customers.largest"), order="-record_count")
    largest = quality.get(("largest_customer", ALL), {}).get("value")
    rates = [quality.get((kpi, ALL), {}) for kpi in ("merge_rate", "split_rate")]
    changed = [row["numerator"] if row.get("value") is not None else None for row in rates]
    measured = [_measured(desk, doors, quality, kpi) for kpi in ("label_precision", "label_recall")]
    backlog, moved = say("customers.backlog"), say("customers.changed")
    return [
        kpis.counted(
            people,
            quality.get(("customers", ALL), {}).get("value"),
            say("customers.customers_note"),
            customers.people(desk.scope, people),
            doors,
            say,
            "people",
        ),
        kpis.counted(
            say("customers.largest"),
            largest,
            say("customers.largest_note"),
            by_records,
            doors,
            say,
            "largest",
        ),
        Figure(
            backlog,
            count(quality.get(("review_backlog", ALL), {}).get("numerator"), say),
            say("customers.backlog_note"),
            doors.hang("backlog", customers.measured(backlog, "review_backlog")),
        ),
        *measured,
        Figure(
            moved,
            formats.NO_DATA if None in changed else " / ".join(count(each, say) for each in changed),
            say("customers.changed_note"),
            doors.hang("changed", customers.measured(moved, "merge_rate")),
        ),
    ]


def _measured(desk: Desk, doors: Doors, quality: Quality, kpi: str) -> Figure:
    """What the blindly drawn answers say: a rate with its sample, or that nobody has answered yet."""
    say, row = desk.say, quality.get((kpi, ALL), {})
    value, sample = row.get("value"), row.get("sample_size") or 0
    small = State.SMALL_SAMPLE if row.get("status") == "small_sample" else None
    return Figure(
        say(f"customers.{kpi}"),
        formats.percent(value),
        say("customers.sample", n=count(sample, say)) if value is not None else say("customers.no_labels"),
        doors.hang(kpi, customers.measured(say(f"customers.{kpi}"), kpi) if value is not None else None),
        small if value is not None else State.INCOMPLETE,
    )


def _channels(desk: Desk, doors: Doors) -> str:
    say = desk.say
    found = customers.by_channel(desk.version, desk.scope).to_dicts()
    low, high = tracks.reach([row["value"] for row in found], None, top=1.0)
    scale = Scale(low, high, None, (formats.whole_percent(low), formats.whole_percent(high)))
    rows = []
    for row in sorted(found, key=lambda row: (row["value"] is None, row["value"], row["member"])):
        name = say.name("channel", row["member"]) if row["member"] != "unknown" else say("todo.somewhere")
        behind = customers.alone(desk.scope, f"{say('customers.alone')} · {name}", row["member"])
        rows.append(
            Row(
                name=name,
                at=row["value"],
                number=formats.percent(row["value"]),
                note=kpis.of(row, say),
                state=State.SMALL_SAMPLE if row["status"] == "small_sample" else None,
                door=doors.hang(f"alone/{row['member']}", behind),
            )
        )
    title, note = say("customers.by_channel"), say("customers.by_channel_note")
    return tracks.panel(title, note, tracks.dots(rows, scale, say), 4)


def _sizes(desk: Desk, doors: Doors, quality: Quality) -> str:
    say = desk.say
    found = [(band, quality.get(("customer_size_share", band), {})) for band in customers.SIZES]
    most = max((row.get("value") or 0 for _, row in found), default=0)
    scale = Scale(0.0, most or 1.0, None, ("0", formats.percent(most)))
    rows = [
        Row(
            name=say("customers.size", band=band.replace("-", "–")),
            at=row["value"],
            number=formats.percent(row["value"]),
            note=say("customers.size_note", n=count(row["numerator"], say)),
            door=doors.hang(
                f"size/{band}",
                customers.of_size(say("customers.size", band=band.replace("-", "–")), band)
                if row["numerator"]
                else None,
            ),
        )
        for band, row in found
        if row.get("value") is not None
    ]
    return tracks.panel(say("customers.sizes"), say("customers.sizes_note"), tracks.bars(rows, scale, say), 4)


def _tiers(desk: Desk, doors: Doors) -> str:
    say = desk.say
    found = customers.tiers(desk.version, desk.scope).to_dicts()
    most = max((row["paid_amount_cny"] or 0 for row in found), default=0)
    scale = Scale(0.0, most or 1.0, None, ("0", formats.money(most, say.lang)))
    rows = []
    for row in found:
        name = say.name("tier", row["value_tier"])
        behind = customers.people(desk.scope, f"{say('customers.customers')} · {name}", row["value_tier"])
        rows.append(
            Row(
                name=name,
                at=row["paid_amount_cny"],
                number=formats.money(row["paid_amount_cny"], say.lang),
                note=say("customers.tier_note", n=count(row["customers"], say)),
                door=doors.hang(f"tier/{row['value_tier']}", behind),
            )
        )
    return tracks.panel(say("customers.tiers"), say("customers.tiers_note"), tracks.bars(rows, scale, say), 4)


def _versions(desk: Desk, doors: Doors) -> str:
    say = desk.say
    names = ("records", "customers", "unification", "merges", "splits", "moves", "drift")
    columns = [
        (say("customers.version"), grid.WORDS),
        (say("customers.measured"), grid.FIGURE),
        *((say(f"customers.v_{name}"), grid.FIGURE) for name in names),
    ]
    found = customers.versions(desk.version).to_dicts()
    hung = [
        doors.hang(
            f"version/{row['identity_version']}",
            customers.measured(
                f"{say('customers.version')} {row['identity_version']}", None, row["identity_version"]
            ),
        )
        for row in found
    ]
    rows = [
        [
            str(row["identity_version"]),
            formats.moment(row["measured_at"]),
            count(row["records"], say),
            count(row["customers"], say),
            formats.percent(row["unification_rate"]),
            *(count(row[name], say) for name in ("merges", "splits", "moves")),
            formats.NO_DATA if row["drift"] is None else f"{row['drift']:.3f}",
        ]
        for row in found
    ]
    table = grid.html(columns, rows, hung, say) if rows else tracks.empty(say("customers.no_version"))
    return tracks.panel(say("customers.versions"), say("customers.versions_note"), table, 12)
