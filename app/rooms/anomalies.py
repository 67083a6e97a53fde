"""Anomalies: how soon they are solved, what waits now, and where orders leave the main way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app import formats
from app.charts import event_graph
from app.charts.event_graph import Edge, Node
from app.components import answer, grid, kpis, tracks
from app.components.answer import Answer, Figure
from app.components.doors import Doors
from app.components.kpis import count
from app.components.tracks import Row, Scale
from app.frame import Desk
from app.queries import anomalies
from app.queries import kpis as kpi_rows
from app.states import State, state_of

KPI = "anomaly_resolved_2h_rate"
HOUR_SECONDS = 3600
SHOWN = 10
"""Rows of a panel: those with most in them."""

Found = list[dict[str, Any]]


def body(desk: Desk, doors: Doors) -> str:
    """The page."""
    waiting = anomalies.queue(desk.version, desk.scope, desk.as_of, "event_code").to_dicts()
    responses = anomalies.responses(desk.version, desk.scope).to_dicts()
    return (
        _answer(desk, doors, waiting, responses)
        + _graph(desk, doors)
        + _queue(desk, doors, waiting)
        + _ages(desk, doors)
        + _responses(desk, doors, responses)
    )


def _answer(desk: Desk, doors: Doors, waiting: Found, responses: Found) -> str:
    say, scope = desk.say, desk.scope
    found = kpi_rows.found(desk.version, scope)
    own = found.get(KPI, {})
    whole = next(iter(anomalies.queue(desk.version, scope, desk.as_of, "'all'").to_dicts()), {})
    missed = (own.get("denominator") or 0) - (own.get("numerator") or 0)
    rows = anomalies.unsolved(scope, say("anomalies.unsolved"))
    figure = Figure(
        say(f"kpi.{KPI}"),
        formats.percent(own.get("value")),
        "",
        doors.hang("unsolved", rows if missed else None),
        state_of(own.get("value"), own.get("target"), own.get("status")),
    )
    told = Answer(say("anomalies.question"), figure, kpis.facts(own, say), _sentence(desk, waiting, whole))
    return answer.html(told, _figures(desk, doors, found, whole, responses), say)


def _sentence(desk: Desk, waiting: Found, whole: Mapping[str, Any]) -> str:
    say = desk.say
    if not whole.get("orders"):
        return say("anomalies.none_open")
    told = [
        say(
            "anomalies.told",
            n=count(whole["orders"], say),
            value=formats.money(whole["paid_amount_cny"], say.lang),
            overdue=count(whole["overdue"], say),
        )
    ]
    most = max(waiting, key=lambda row: (row["orders"], row["member"]))
    told.append(
        say(
            "anomalies.most",
            what=say.name("event", most["member"]),
            n=count(most["orders"], say),
            do=say.name("do", most["member"], "do.other"),
        )
    )
    return ("" if say.lang == "zh" else " ").join(told)


def _figures(
    desk: Desk,
    doors: Doors,
    found: Mapping[str, Mapping[str, Any]],
    whole: Mapping[str, Any],
    responses: Found,
) -> list[Figure]:
    say, scope, as_of = desk.say, desk.scope, desk.as_of
    waiting = anomalies.waiting(scope, as_of, say("anomalies.waiting"))
    in_time, due = (sum(row[name] for row in responses) for name in ("numerator", "denominator"))
    answered = {
        "numerator": in_time,
        "denominator": due,
        "value": in_time / due if due else None,
        "status": "ok" if due >= 30 else "small_sample",
    }
    behind = {
        "order_anomaly_rate": anomalies.anomalous(scope, say("kpi.order_anomaly_rate")),
        "refund_response_4h_rate": anomalies.refunds_late(scope, as_of, say("anomalies.refunds_late")),
        "return_interception_rate": anomalies.interceptions_failed(scope, say("anomalies.not_stopped")),
    }
    unanswered = anomalies.unanswered(scope, say("anomalies.unanswered"))
    return [
        kpis.counted(
            say("anomalies.open_orders"),
            whole.get("orders", 0),
            say("anomalies.now", moment=formats.moment(as_of)),
            waiting,
            doors,
            say,
            "waiting",
        ),
        Figure(
            say("anomalies.open_value"),
            formats.money(whole.get("paid_amount_cny"), say.lang),
            say("anomalies.open_value_note"),
            doors.hang("waiting_value", waiting if whole.get("orders") else None),
        ),
        kpis.rate("response_in_time_rate", answered, unanswered, doors, say),
        *(kpis.rate(kpi, found.get(kpi, {}), rows, doors, say) for kpi, rows in behind.items()),
    ]


def _graph(desk: Desk, doors: Doors) -> str:
    say = desk.say
    known = anomalies.nodes(desk.version).to_dicts()
    names = {row["event_code"]: say.name("event", row["event_code"]) for row in known}
    nodes = [
        Node(
            code=row["event_code"],
            seq=row["seq"],
            name=names[row["event_code"]],
            count=count(row["times"], say),
            label=say(
                "anomalies.node_bad" if row["is_anomaly"] else "anomalies.node",
                name=names[row["event_code"]],
                n=count(row["times"], say),
            ),
            is_anomaly=row["is_anomaly"],
            door=doors.hang(
                f"event/{row['event_code']}",
                anomalies.happened(names[row["event_code"]], row["event_code"]) if row["times"] else None,
            ),
        )
        for row in known
    ]
    edges = [
        Edge(
            row["from_event"],
            row["to_event"],
            row["edge_kind"],
            row["order_count"],
            say(
                "anomalies.edge",
                source=names.get(row["from_event"], row["from_event"]),
                target=names.get(row["to_event"], row["to_event"]),
                n=count(row["order_count"], say),
            ),
        )
        for row in anomalies.edges(desk.version).to_dicts()
    ]
    bad = {node.code for node in nodes if node.is_anomaly}
    if not nodes:
        return tracks.panel(say("anomalies.graph"), "", tracks.empty(say("room.none")), 12)
    kinds = "".join(
        f'<span class="ly-key-{kind}">{say(f"anomalies.kind.{kind}")}</span>'
        for kind in ("main", "side", "anomaly", "recovery")
    )
    drawn = event_graph.svg(nodes, edges, say("anomalies.graph"), say.lang)
    picture = (
        f'<div class="ly-graph-box" tabindex="0" role="region" aria-label="{say("anomalies.graph")}">'
        f"{drawn}</div>"
        f'<p class="ly-legend">{kinds}</p>'
    )
    return tracks.panel(_graph_title(edges, names, bad, desk), say("anomalies.graph_note"), picture, 12)


def _graph_title(edges: Sequence[Edge], names: Mapping[str, str], bad: Collection[str], desk: Desk) -> str:
    """Where most orders step into an anomaly. `bad`: the anomalies."""
    say = desk.say
    leaving = [e for e in edges if e.kind == "anomaly" and e.orders and e.source not in bad]
    if not leaving:
        return say("anomalies.graph")
    most = max(leaving, key=lambda edge: (edge.orders, edge.source, edge.target))
    return say(
        "anomalies.graph_title",
        source=names.get(most.source, most.source),
        target=names.get(most.target, most.target),
        n=count(most.orders, say),
    )


def _queue(desk: Desk, doors: Doors, waiting: Found) -> str:
    say = desk.say
    columns = [
        (say("column.event"), grid.WORDS),
        (say("anomalies.do"), grid.WORDS),
        (say("anomalies.orders"), grid.FIGURE),
        (say("anomalies.value"), grid.FIGURE),
        (say("anomalies.oldest"), grid.FIGURE),
        (say("anomalies.overdue"), grid.FIGURE),
    ]
    rows, hung = [], []
    for row in waiting:
        name = say.name("event", row["member"])
        behind = anomalies.waiting(
            desk.scope, desk.as_of, f"{say('anomalies.waiting')} · {name}", "event_code", row["member"]
        )
        hung.append(doors.hang(f"queue/{row['member']}", behind))
        rows.append(
            [
                name,
                say.name("do", row["member"], "do.other"),
                count(row["orders"], say),
                formats.money(row["paid_amount_cny"], say.lang),
                formats.age((desk.as_of - row["oldest_at"]).total_seconds() / HOUR_SECONDS, say.lang),
                count(row["overdue"], say),
            ]
        )
    table = grid.html(columns, rows, hung, say) if rows else tracks.empty(say("anomalies.none_open"))
    return tracks.panel(say("anomalies.queue"), say("anomalies.queue_note"), table, 8)


def _ages(desk: Desk, doors: Doors) -> str:
    say = desk.say
    found = {
        row["member"]: row for row in anomalies.queue(desk.version, desk.scope, desk.as_of, "age").to_dicts()
    }
    most = max((row["paid_amount_cny"] or 0 for row in found.values()), default=0)
    scale = Scale(0.0, most or 1.0, None, ("0", formats.money(most, say.lang)))
    rows = []
    for age in anomalies.AGES:
        if age not in found:
            continue
        row, name = found[age], say(f"anomalies.age.{age}")
        behind = anomalies.waiting(desk.scope, desk.as_of, f"{say('anomalies.waiting')} · {name}", "age", age)
        rows.append(
            Row(
                name=name,
                at=row["paid_amount_cny"],
                number=formats.money(row["paid_amount_cny"], say.lang),
                note=say("todo.count", n=count(row["orders"], say)),
                door=doors.hang(f"age/{age}", behind),
            )
        )
    return tracks.panel(
        say("anomalies.by_age"), say("anomalies.by_age_note"), tracks.bars(rows, scale, say), 4
    )


def _responses(desk: Desk, doors: Doors, responses: Found) -> str:
    say = desk.say
    shown = [row for row in responses if row["denominator"]][:SHOWN]
    low, high = tracks.reach([row["value"] for row in shown], None, top=1.0)
    scale = Scale(low, high, None, (formats.whole_percent(low), formats.whole_percent(high)))
    limits = {
        row["event_code"]: row["response_sla_minutes"] for row in anomalies.nodes(desk.version).to_dicts()
    }
    rows = []
    for row in sorted(shown, key=lambda row: (row["value"], row["member"])):
        name, code = say.name("event", row["member"]), row["member"]
        late = row["denominator"] - row["numerator"]
        behind = anomalies.unanswered(desk.scope, f"{say('anomalies.unanswered')} · {name}", code)
        note = say(
            "anomalies.response_note",
            limit=formats.minutes(limits.get(code), say.lang),
            role=say.name("duty", row["owner_role"]),
            n=count(row["denominator"], say),
        )
        rows.append(
            Row(
                name=name,
                at=row["value"],
                number=formats.percent(row["value"]),
                note=note,
                state=State.SMALL_SAMPLE if row["denominator"] < 30 else None,
                door=doors.hang(f"response/{code}", behind if late else None),
            )
        )
    half = -(-len(rows) // 2)
    title, note = say("anomalies.responses"), say("anomalies.responses_note")
    if not rows:
        return tracks.panel(title, note, tracks.empty(say("room.none")), 12)
    columns = "".join(
        f"<div>{tracks.dots(part, scale, say)}</div>" for part in (rows[:half], rows[half:]) if part
    )
    return tracks.panel(title, note, f'<div class="ly-columns">{columns}</div>', 12)
