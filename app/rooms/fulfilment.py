"""Fulfilment and SLA: how many promises were kept, where not, and where the hours and the penalties go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app import formats
from app.components import answer, kpis, tracks
from app.components.answer import Answer, Figure
from app.components.doors import Doors
from app.components.kpis import count
from app.components.tracks import Row, Scale
from app.frame import Desk
from app.labels import Labels
from app.queries import fulfilment
from app.queries import kpis as kpi_rows
from app.queries.fulfilment import DIMENSIONS, LAG_LIMIT_SECONDS, MEMBERS
from app.states import state_of

KPI = "on_time_fulfilment_rate"


def body(desk: Desk, doors: Doors) -> str:
    """The page."""
    promises = fulfilment.promises(desk.version, desk.scope).to_dicts()
    figures = kpi_rows.found(desk.version, desk.scope)
    target = figures.get(KPI, {}).get("target")
    return (
        _answer(desk, doors, promises, figures)
        + "".join(_promises(desk, doors, promises, dimension, target) for dimension in DIMENSIONS)
        + _cycles(desk, doors)
        + _lags(desk, doors)
        + _penalties(desk, doors)
    )


def _answer(
    desk: Desk, doors: Doors, promises: Sequence[dict[str, Any]], found: dict[str, dict[str, Any]]
) -> str:
    say, scope, own = desk.say, desk.scope, found.get(KPI, {})
    whole = next((row for row in promises if row["dimension"] == "all"), {})
    late = fulfilment.late(scope, say("fulfilment.late_title"))
    figure = Figure(
        say(f"kpi.{KPI}"),
        formats.percent(own.get("value")),
        "",
        doors.hang("late", late if whole.get("late_count") else None),
        state_of(own.get("value"), own.get("target"), own.get("status")),
    )
    told = Answer(say("fulfilment.question"), figure, kpis.facts(own, say), _sentence(promises, whole, say))
    return answer.html(told, _figures(desk, doors, found, whole), say)


def _sentence(promises: Sequence[dict[str, Any]], whole: dict[str, Any], say: Labels) -> str:
    if not whole.get("denominator"):
        return say("fulfilment.nothing_due")
    counts = {name: count(whole[f"{name}_count"], say) for name in ("late", "open")}
    told = [say("fulfilment.told", due=count(whole["denominator"], say), **counts)]
    sound = [
        row
        for row in promises
        if row["dimension"] == "carrier" and row["status"] == "ok" and row["member"] != "unknown"
    ]
    if len(sound) > 1:
        worst = min(sound, key=lambda row: (row["value"], row["member"]))
        told.append(say("fulfilment.worst", name=worst["member"], rate=formats.percent(worst["value"])))
    return ("" if say.lang == "zh" else " ").join(told)


def _figures(
    desk: Desk, doors: Doors, found: dict[str, dict[str, Any]], whole: dict[str, Any]
) -> list[Figure]:
    say, scope = desk.say, desk.scope
    behind = {
        "on_time_ship_rate": fulfilment.promised(scope, say("kpi.on_time_ship_rate"), "ship"),
        "on_time_delivery_rate": fulfilment.promised(scope, say("kpi.on_time_delivery_rate"), "delivery"),
        "sync_lag_over_90s_rate": fulfilment.lagging(scope, say("kpi.sync_lag_over_90s_rate")),
    }
    ship, delivery, lag = (
        kpis.rate(kpi, found.get(kpi, {}), rows, doors, say) for kpi, rows in behind.items()
    )
    still = say("fulfilment.still_open")
    note = say("fulfilment.still_open_note")
    rows = fulfilment.late(scope, still, open_only=True)
    amounts = [
        kpis.amount(kpi, found.get(kpi, {}), fulfilment.charged(scope, say(f"kpi.{kpi}"), basis), doors, say)
        for kpi, basis in (("penalty_by_rule_cny", "by_rule"), ("penalty_as_charged_cny", "as_charged"))
    ]
    open_now = kpis.counted(still, whole.get("open_count"), note, rows, doors, say, "open")
    return [ship, delivery, open_now, lag, *amounts]


def _promises(
    desk: Desk, doors: Doors, promises: Sequence[dict[str, Any]], dimension: str, target: float | None
) -> str:
    say = desk.say
    found = [row for row in promises if row["dimension"] == dimension][:MEMBERS]
    low, high = tracks.reach([row["value"] for row in found], target, top=1.0)
    line = "" if target is None else say("part.target", target=formats.percent(target))
    scale = Scale(low, high, target, (formats.whole_percent(low), formats.whole_percent(high)), line)
    title = say("fulfilment.late_title")
    rows = []
    for row in sorted(found, key=lambda row: (row["value"], row["member"])):
        name = _member(dimension, row["member"], say)
        late = fulfilment.late(desk.scope, f"{title} · {name}", dimension, row["member"])
        rows.append(
            Row(
                name=name,
                at=row["value"],
                number=formats.percent(row["value"]),
                note=say(
                    "fulfilment.late_of",
                    late=count(row["late_count"], say),
                    n=count(row["denominator"], say),
                ),
                state=state_of(row["value"], target, row["status"]),
                door=doors.hang(f"late/{dimension}/{row['member']}", late if row["late_count"] else None),
            )
        )
    return tracks.panel(say(f"fulfilment.by_{dimension}"), "", tracks.dots(rows, scale, say), 3)


def _cycles(desk: Desk, doors: Doors) -> str:
    say = desk.say
    stages = fulfilment.cycles(desk.version, desk.scope).to_dicts()
    steps = [row for row in stages if row["stage"] != fulfilment.WHOLE_WAY]
    whole = next((row for row in stages if row["stage"] == fulfilment.WHOLE_WAY), None)
    _, high = tracks.reach([row["p90_hours"] for row in steps], None)
    scale = Scale(0.0, high, None, ("0", formats.hours(high, say.lang)))
    rows = [
        Row(
            name=say.name("stage", row["stage"]),
            at=row["p50_hours"],
            to=row["p90_hours"],
            number=formats.hours_pair(row["p50_hours"], row["p90_hours"], say.lang),
            note=say("fulfilment.stage_n", n=count(row["denominator"], say)),
            door=doors.hang(
                f"stage/{row['stage']}",
                fulfilment.stage(desk.scope, say.name("stage", row["stage"]), row["stage"])
                if row["denominator"]
                else None,
            ),
        )
        for row in steps
    ]
    title = say("fulfilment.cycle_none")
    link = ""
    if whole and whole["p50_hours"] is not None:
        ends = {name: formats.hours(whole[f"{name}_hours"], say.lang) for name in ("p50", "p90")}
        title = say("fulfilment.cycle_title", **ends)
        slow = say("fulfilment.slow")
        link = tracks.link(slow, doors.hang("slow", fulfilment.slow(desk.scope, slow)))
    return tracks.panel(title, say("fulfilment.cycle_note"), tracks.spans(rows, scale, say) + link, 6)


def _lags(desk: Desk, doors: Doors) -> str:
    say = desk.say
    lags = fulfilment.lags(desk.version, desk.scope).to_dicts()
    _, high = tracks.reach([row["p95_seconds"] for row in lags], LAG_LIMIT_SECONDS)
    limit = say("fulfilment.lag_limit", seconds=LAG_LIMIT_SECONDS)
    scale = Scale(0.0, high, LAG_LIMIT_SECONDS, ("0", formats.seconds(high, say.lang)), limit)
    rows = []
    for row in lags:
        name = say.name("channel", row["channel"])
        title = f"{say('kpi.sync_lag_over_90s_rate')} · {name}"
        behind = fulfilment.lagging(desk.scope, title, row["channel"]) if row["over_90s"] else None
        counts = {"over": count(row["over_90s"], say), "n": count(row["denominator"], say)}
        rows.append(
            Row(
                name=name,
                at=row["p50_seconds"],
                to=row["p95_seconds"],
                number=formats.percent(row["value"]),
                note=say("fulfilment.lag_over", **counts),
                door=doors.hang(f"lag/{row['channel']}", behind),
            )
        )
    return tracks.panel(
        say("fulfilment.lag_title"), say("fulfilment.lag_note"), tracks.spans(rows, scale, say), 6
    )


def _penalties(desk: Desk, doors: Doors) -> str:
    say = desk.say
    found = fulfilment.penalties(desk.version, desk.scope).to_dicts()
    most = max((row["penalty_cny"] or 0 for row in found), default=0)
    scale = Scale(0.0, most or 1.0, None, ("0", formats.money(most, say.lang)))
    panels = ""
    for basis in ("by_rule", "as_charged"):
        title = say(f"fulfilment.penalty_{basis}")
        rows = []
        for row in (row for row in found if row["basis"] == basis):
            name, cny = say.name("channel", row["channel"]), row["penalty_cny"]
            behind = fulfilment.charged(desk.scope, f"{title} · {name}", basis, row["channel"])
            rows.append(
                Row(
                    name=name,
                    at=cny,
                    number=say("fulfilment.no_rule") if cny is None else formats.money(cny, say.lang),
                    note=say(f"fulfilment.failures_{basis}", n=count(row["failures"], say)),
                    door=doors.hang(f"penalty/{basis}/{row['channel']}", behind),
                )
            )
        note = say(f"fulfilment.penalty_{basis}_note")
        panels += tracks.panel(title, note, tracks.bars(rows, scale, say), 6)
    return panels


def _member(dimension: str, member: str, say: Labels) -> str:
    if member == "unknown":
        return say("todo.somewhere")
    return say.name("channel", member) if dimension == "channel" else member
