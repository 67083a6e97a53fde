"""Of the page of rules: why the index was restated, and each KPI's day that moved most."""

from __future__ import annotations

from collections.abc import Callable

from app import formats
from app.components import grid, tracks
from app.components.doors import Doors
from app.components.kpis import count
from app.components.tracks import Row, Scale
from app.frame import Desk
from app.labels import Labels
from app.queries import rules
from app.queries.index import INDEX


def why(desk: Desk, doors: Doors) -> str:
    """Points of the index by reason."""
    say = desk.say
    found = rules.restated(desk.version, desk.scope, INDEX)
    most = max((abs(row["points"] or 0) for row in found.values()), default=0)
    scale = Scale(0.0, most or 1.0, None, ("0", f"{most:.2f}"))
    rows = []
    for reason in rules.REASONS:
        if reason not in found:
            continue
        row, name = found[reason], say(f"restated.{reason}")
        behind = rules.restatements(desk.scope, f"{say('rules.restated')} · {name}", INDEX, reason)
        rows.append(
            Row(
                name=name,
                at=abs(row["points"] or 0),
                number=formats.points(row["points"], say.lang, 2, unit=False),
                note=say("rules.days", n=count(row["days"], say)),
                door=doors.hang(f"restated/{reason}", behind),
            )
        )
    inner = tracks.bars(rows, scale, say) if rows else tracks.empty(say("rules.none_restated"))
    return tracks.panel(say("rules.why_restated"), say("rules.why_restated_note"), inner, 5)


def figures(desk: Desk, doors: Doors) -> str:
    """A row a KPI: days restated; of the day that moved most the figure first seen, that of now, and why."""
    say = desk.say
    columns = [
        (say("column.kpi"), grid.WORDS),
        (say("rules.days_restated"), grid.FIGURE),
        (say("rules.most_moved"), grid.FIGURE),
        (say("rules.first_seen"), grid.FIGURE),
        (say("rules.as_now"), grid.FIGURE),
        (say("rules.difference"), grid.FIGURE),
        (say("rules.mostly"), grid.WORDS),
    ]
    rows, behind = [], []
    for row in rules.by_kpi(desk.version, desk.scope):
        name, shown = say.name("kpi", row["kpi"]), _shown(row["unit"], say)
        rows.append(
            [
                name,
                count(row["days"], say),
                formats.day(row["observed_on"], say.lang),
                shown(row["seen"]),
                shown(row["now"]),
                formats.points(row["now"] - row["seen"], say.lang, 1, row["unit"] == "rate"),
                say(f"restated.{row['reason']}"),
            ]
        )
        title = f"{say('rules.restated')} · {name}"
        behind.append(doors.hang(f"figure/{row['kpi']}", rules.restatements(desk.scope, title, row["kpi"])))
    table = grid.html(columns, rows, behind, say) if rows else tracks.empty(say("rules.none_restated"))
    return tracks.panel(say("rules.restated_kpis"), say("rules.restated_kpis_note"), table, 12)


def _shown(unit: str, say: Labels) -> Callable[[float], str]:
    """How a figure of rpt_restatements looks: rates stand there in per cent."""
    if unit == "rate":
        return lambda value: formats.percent(value / 100)
    if unit == "cny":
        return lambda value: formats.money(value, say.lang)
    if unit == "minutes":
        return lambda value: say("rules.minutes", n=f"{value:,.1f}")
    return formats.index
