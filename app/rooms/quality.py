"""Master-data quality, the owner's page: how sound the data are, what is wrong, whose it is, mending it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import formats, quality_desk
from app.components import answer, kpis, tracks
from app.components.answer import Answer, Figure
from app.components.doors import Doors
from app.components.kpis import count
from app.components.tracks import Row, Scale
from app.frame import Desk
from app.labels import Labels
from app.queries import quality
from app.queries.behind import Door
from app.states import State

Found = list[dict[str, Any]]


def body(desk: Desk, doors: Doors) -> str:
    """The page."""
    scores = quality.scores(desk.version).to_dicts()
    return (
        _answer(desk, doors, scores)
        + "".join(_scores(desk, doors, scores, slice_) for slice_ in quality.SLICES)
        + _rules(desk, doors)
        + _cost(desk, doors)
    )


def after(desk: Desk, _: str | None) -> None:
    """What an owner does about findings."""
    with st.container(key="card_quality"):
        quality_desk.draw(desk)


def _answer(desk: Desk, doors: Doors, scores: Found) -> str:
    say = desk.say
    whole = next((row for row in scores if row["slice"] == "all"), {})
    standing = quality.standing(desk.version)
    every = quality.findings(say("quality.open"), say.lang)
    has = bool(standing["findings"])
    figure = Figure(
        say("quality.score"),
        formats.index(whole.get("score")),
        "",
        doors.hang("score", every if has else None),
        State.INCOMPLETE if whole.get("score") is None else State.UNRATED,
    )
    facts = [_change(whole, say), say("quality.checked", n=count(whole.get("checked_count"), say))]
    told = Answer(say("quality.question"), figure, facts, _sentence(desk, standing))
    return answer.html(told, _figures(desk, doors, standing if scores else {}), say)


def _change(whole: Mapping[str, Any], say: Labels) -> str:
    score, before = whole.get("score"), whole.get("previous_score")
    if score is None or before is None:
        return say("quality.no_previous")
    return say("quality.change", change=formats.points(score - before, say.lang, unit=False))


def _sentence(desk: Desk, standing: Mapping[str, Any]) -> str:
    say = desk.say
    if not standing["findings"]:
        return say("quality.none_open")
    counts = {name: count(standing[name], say) for name in ("findings", "critical", "overdue")}
    told = [say("quality.told", **counts)]
    worst = next(iter(quality.cost(desk.version).to_dicts()), None)
    if worst:
        lost = f"{worst['points_lost']:.2f}{formats.points_unit(say.lang)}"
        told.append(say("quality.costs", kpi=say.name("kpi", worst["kpi"]), points=lost))
    return ("" if say.lang == "zh" else " ").join(told)


def _figures(desk: Desk, doors: Doors, standing: Mapping[str, Any]) -> list[Figure]:
    say = desk.say
    parts = {
        "open": ("findings", "true"),
        "critical": ("critical", "severity = 'critical'"),
        "overdue": ("overdue", "is_overdue"),
        "unanswered": ("unanswered", "state = 'open'"),
        "touching": ("touching", "orders_touched > 0"),
    }
    made = []
    for name, (column, where) in parts.items():
        behind = quality.findings(say(f"quality.{name}"), say.lang, where)
        note = say(f"quality.{name}_note")
        made.append(
            kpis.counted(say(f"quality.{name}"), standing.get(column), note, behind, doors, say, name)
        )
    hours = standing.get("p50_hours_to_respond")
    answered = quality.findings(say("quality.respond"), say.lang, "hours_to_respond is not null")
    respond = Figure(
        say("quality.respond"),
        formats.hours(hours, say.lang),
        say("quality.respond_note"),
        doors.hang("respond", answered if hours is not None else None),
    )
    return [*made, respond]


def _scores(desk: Desk, doors: Doors, scores: Found, slice_: str) -> str:
    say = desk.say
    found = [row for row in scores if row["slice"] == slice_]
    low, high = tracks.reach([row["score"] for row in found], None, top=100.0)
    scale = Scale(low, high, None, (formats.index(low), formats.index(high)))
    rows = []
    for row in found:
        name = say.name(f"q_{slice_}", row["member"])
        where = f"{slice_} = $member"
        behind = quality.findings(f"{say('quality.open')} · {name}", say.lang, where, member=row["member"])
        rows.append(
            Row(
                name=name,
                at=row["score"],
                number=formats.index(row["score"]),
                note=say(
                    "quality.failing",
                    n=count(row["failing_count"], say),
                    total=count(row["checked_count"], say),
                ),
                door=doors.hang(f"{slice_}/{row['member']}", behind if row["failing_count"] else None),
            )
        )
    return tracks.panel(say(f"quality.by_{slice_}"), say("quality.by_note"), tracks.dots(rows, scale, say), 4)


def _rules(desk: Desk, doors: Doors) -> str:
    say = desk.say
    found = quality.by_rule(desk.version).to_dicts()
    most = max((row["findings"] for row in found), default=0)
    scale = Scale(0.0, float(most or 1), None, ("0", count(most, say)))
    rows = []
    for row in found:
        name = row[f"title_{say.lang}"]
        behind = quality.findings(name, say.lang, "rule_code = $rule", rule=row["rule_code"])
        rows.append(
            Row(
                name=name,
                at=float(row["findings"]),
                number=count(row["findings"], say),
                note=f"{say.name('severity', row['severity'])} · "
                + say("todo.count", n=count(row["orders_touched"], say)),
                door=doors.hang(f"rule/{row['rule_code']}", behind),
            )
        )
    inner = tracks.bars(rows, scale, say) if rows else tracks.empty(say("quality.none_open"))
    return tracks.panel(say("quality.rules"), say("quality.rules_note"), inner, 8)


def _costing(kpi: str, say: Labels) -> Door:
    return quality.costing(f"{say('quality.cost')} · {say.name('kpi', kpi)}", say.lang, kpi)


def _cost(desk: Desk, doors: Doors) -> str:
    say = desk.say
    found = quality.cost(desk.version).to_dicts()
    most = max((row["points_lost"] for row in found), default=0)
    unit = formats.points_unit(say.lang)
    scale = Scale(0.0, most or 1.0, None, ("0", f"{most:.2f}{unit}"))
    rows = [
        Row(
            name=say.name("kpi", row["kpi"]),
            at=row["points_lost"],
            number=f"{row['points_lost']:.2f}",
            note=say(
                "quality.without",
                value=formats.percent(row["value"]),
                without=formats.percent(row["value_without"]),
            ),
            door=doors.hang(f"cost/{row['kpi']}", _costing(row["kpi"], say)),
        )
        for row in found
    ]
    inner = tracks.bars(rows, scale, say) if rows else tracks.empty(say("quality.no_cost"))
    return tracks.panel(say("quality.cost"), say("quality.cost_note"), inner, 4)
