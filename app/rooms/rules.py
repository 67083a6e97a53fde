"""Rules: which are in force, what was changed and why, and which published figures stand otherwise for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from app import formats, rules_desk
from app.components import answer, grid, kpis, tracks
from app.components.answer import Answer, Figure
from app.components.doors import Doors
from app.components.kpis import count
from app.frame import Desk
from app.queries import rules
from app.queries.behind import Door, frame_door
from app.rooms import restated
from dagster_project import rule_book, settings

Kinds = list[dict[str, Any]]


def body(desk: Desk, doors: Doors) -> str:
    """The page."""
    kinds = rule_book.listed(settings.load(), desk.as_of.date())
    return (
        _answer(desk, doors, kinds)
        + _kinds(desk, doors, kinds)
        + restated.why(desk, doors)
        + restated.figures(desk, doors)
        + _marks(desk)
    )


def after(desk: Desk, _: str | None) -> None:
    """Trying and approving a rule file."""
    with st.container(key="card_rules"):
        rules_desk.draw(desk)


def _answer(desk: Desk, doors: Doors, kinds: Kinds) -> str:
    say = desk.say
    total = rules.total(desk.version, desk.scope)
    behind = rules.restatements(desk.scope, say("rules.restated"))
    figure = Figure(
        say("rules.restated"),
        count(total["figures"], say),
        "",
        doors.hang("restated", behind if total["figures"] else None),
    )
    facts = [say("rules.restated_of", n=count(total["kpis"], say))]
    told = Answer(say("rules.question"), figure, facts, _sentence(desk, kinds, total))
    return answer.html(told, _figures(desk, doors, kinds, total), say)


def _sentence(desk: Desk, kinds: Kinds, total: dict[str, Any]) -> str:
    say = desk.say
    rows = sum(len(kind["rows"]) for kind in kinds)
    told = [say("rules.told", rows=count(rows, say), kinds=count(len(kinds), say))]
    changed = rules.changes(desk.version).to_dicts()
    last = next((row for row in changed if row["state"] == "in_force"), None)
    if last:
        title = last[f"title_{say.lang}"]
        told.append(
            say(
                "rules.last",
                title=title,
                day=formats.day(last["valid_from"], say.lang, year=True),
                why=last["reason"],
            )
        )
    if not total["figures"]:
        told.append(say("rules.none_restated"))
    return ("" if say.lang == "zh" else " ").join(told)


def _figures(desk: Desk, doors: Doors, kinds: Kinds, total: dict[str, Any]) -> list[Figure]:
    say = desk.say
    changed = rules.changes(desk.version).to_dicts()
    states = {
        state: sum(row["state"] == state for row in changed) for state in ("in_force", "planned", "revoked")
    }
    waiting = [
        {**change, "kind": kind[f"title_{say.lang}"]}
        for kind in kinds
        for change in kind["changes"]
        if change["state"] == "waiting"
    ]
    by_rule = rules.restatements(desk.scope, say("rules.by_rule"), reason="rule_change")
    made = [
        kpis.counted(
            say(f"rules.{state}"),
            states[state],
            say(f"rules.{state}_note"),
            rules.change_rows(say(f"rules.{state}"), state),
            doors,
            say,
            state,
        )
        for state in states
    ]
    return [
        *made,
        kpis.counted(
            say("rules.waiting"),
            len(waiting),
            say("rules.waiting_note"),
            _waiting(desk, waiting),
            doors,
            say,
            "waiting",
        ),
        kpis.counted(
            say("rules.by_rule"), total["by_rule"], say("rules.by_rule_note"), by_rule, doors, say, "by_rule"
        ),
        Figure(
            say("rules.largest"),
            formats.points(total["largest"], say.lang, unit=False),
            say("rules.largest_note"),
            doors.hang("largest", _largest(desk) if total["largest"] is not None else None),
        ),
    ]


def _waiting(desk: Desk, waiting: list[dict[str, Any]]) -> Door:
    """Changes that are approved, and that no published file knows yet."""
    names = {"role": "approver_role", "reason": "why_changed"}
    names = {each: names.get(each, each) for each in ("kind", "valid_from", "approved_at", "role", "reason")}
    frame = pl.DataFrame(
        [{name: str(change[key]) for key, name in names.items()} for change in waiting],
        schema=dict.fromkeys(names.values(), pl.String),
    )
    return frame_door(desk.say("rules.waiting"), frame, "-approved_at")


def _largest(desk: Desk) -> Door:
    """The restatements, the one that moved its figure most first."""
    return rules.restatements(desk.scope, desk.say("rules.largest"), order="-moved")


def _kinds(desk: Desk, doors: Doors, kinds: Kinds) -> str:
    say = desk.say
    columns = [
        (say("rules.kind"), grid.WORDS),
        (say("rules.file"), grid.KEY),
        (say("rules.rows"), grid.FIGURE),
        (say("rules.changes"), grid.FIGURE),
        (say("rules.since"), grid.FIGURE),
    ]
    rows = [
        [
            kind[f"title_{say.lang}"],
            f"{kind['kind']}.csv",
            count(len(kind["rows"]), say),
            count(len(kind["changes"]), say),
            max((row["valid_from"] for row in kind["rows"]), default=formats.NO_DATA),
        ]
        for kind in kinds
    ]
    hung = [doors.hang(f"kind/{kind['kind']}", _rows_of(kind, say.lang)) for kind in kinds]
    table = grid.html(columns, rows, hung, say)
    note = say("rules.in_force_on", day=formats.day(desk.as_of.date(), say.lang, year=True))
    return tracks.panel(say("rules.kinds"), note, table, 7)


def _rows_of(kind: dict[str, Any], lang: str) -> Door | None:
    """The rules of a kind as its file has them, under the file's own names."""
    if not kind["rows"]:
        return None
    frame = pl.DataFrame(kind["rows"], infer_schema_length=None).cast(pl.String)
    return frame_door(kind[f"title_{lang}"], frame, frame.columns[0])


def _marks(desk: Desk) -> str:
    say = desk.say
    columns = [
        (say("rules.kind"), grid.WORDS),
        (say("rules.from"), grid.FIGURE),
        (say("rules.state"), grid.WORDS),
        (say("rules.detail"), grid.WORDS),
        (say("rules.reason"), grid.WORDS),
        (say("rules.approved"), grid.FIGURE),
    ]
    rows = [
        [
            row[f"title_{say.lang}"],
            f"{row['valid_from']:%Y-%m-%d}" if isinstance(row["valid_from"], date) else formats.NO_DATA,
            say(f"rules.{row['state']}"),
            row["detail"] or formats.NO_DATA,
            row["reason"] or formats.NO_DATA,
            formats.moment(row["approved_at"]) if row["approved_at"] else formats.NO_DATA,
        ]
        for row in rules.changes(desk.version).to_dicts()
    ]
    table = grid.html(columns, rows, [""] * len(rows), say) if rows else tracks.empty(say("rules.no_changes"))
    return tracks.panel(say("rules.marks"), say("rules.marks_note"), table, 12)
