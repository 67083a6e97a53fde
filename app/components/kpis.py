"""A row of a KPI as a figure: its number, what it was counted from, its state, and the rows behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import formats
from app.components.answer import Figure
from app.components.doors import Doors
from app.labels import Labels
from app.queries.behind import Door
from app.states import State, state_of


def rate(kpi: str, row: Mapping[str, Any], rows: Door | None, doors: Doors, say: Labels) -> Figure:
    """A rate of rpt_kpis, 0–1. A rate without a target has no state word but `no data`."""
    value, target = row.get("value"), row.get("target")
    state: State | None = state_of(value, target, row.get("status"))
    return Figure(
        say(f"kpi.{kpi}"),
        formats.percent(value),
        of(row, say) if value is not None else say("fact.none"),
        doors.hang(kpi, rows if (row.get("denominator") or 0) > 0 else None),
        None if state is State.UNRATED else state,
    )


def amount(kpi: str, row: Mapping[str, Any], rows: Door | None, doors: Doors, say: Labels) -> Figure:
    """An amount of rpt_kpis, CNY."""
    value = row.get("value")
    known = say("fact.known", coverage=formats.percent(row.get("coverage")))
    return Figure(
        say(f"kpi.{kpi}"),
        formats.money(value, say.lang),
        known if value is not None else say("fact.none"),
        doors.hang(kpi, rows if value is not None else None),
        None if value is not None else State.INCOMPLETE,
    )


def counted(
    name: str, value: float | None, note: str, rows: Door | None, doors: Doors, say: Labels, door: str
) -> Figure:
    """A plain count; it opens rows where there are any."""
    return Figure(name, count(value, say), note, doors.hang(door, rows if value else None))


def facts(row: Mapping[str, Any], say: Labels) -> list[str]:
    """What stands under the one number of a page: target, what it was counted from, coverage."""
    target = row.get("target")
    told = [of(row, say), say("fact.coverage", coverage=formats.percent(row.get("coverage")))]
    return told if target is None else [say("part.target", target=formats.percent(target)), *told]


def of(row: Mapping[str, Any], say: Labels) -> str:
    """`n of m`."""
    return say("fact.of", n=count(row.get("numerator"), say), total=count(row.get("denominator"), say))


def count(value: object, say: Labels) -> str:
    """A count; no data where there is none."""
    return formats.count(None if value is None else float(value), say.lang)  # type: ignore[arg-type]
