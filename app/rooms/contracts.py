"""Contracts and negotiation: which clauses were kept, what stood against them, what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import formats
from app.components import answer, grid, kpis, tracks
from app.components.answer import Answer, Figure
from app.components.doors import Doors
from app.components.kpis import count
from app.components.tracks import Row, Scale
from app.frame import Desk
from app.queries import contracts
from app.queries import kpis as kpi_rows
from app.states import State, state_of

ALL = "all"
FEW = 30
"""Under this many a rate is a small sample, as in the marts."""

Found = list[dict[str, Any]]


def body(desk: Desk, doors: Doors) -> str:
    """The page."""
    clauses = contracts.clauses(desk.version, desk.scope).to_dicts()
    offers = contracts.offers(desk.version, desk.scope).to_dicts()
    conflicts = contracts.conflicts(desk.version, desk.scope).to_dicts()
    merges = contracts.merges(desk.version, desk.scope).to_dicts()
    return (
        _answer(desk, doors, clauses, offers, conflicts, merges)
        + _clauses(desk, doors, clauses)
        + _conflicts(desk, doors, conflicts)
        + _merges(desk, doors, merges)
        + "".join(_offers(desk, doors, offers, dimension) for dimension in contracts.OFFER_DIMENSIONS)
    )


def _answer(desk: Desk, doors: Doors, clauses: Found, offers: Found, conflicts: Found, merges: Found) -> str:
    say, scope = desk.say, desk.scope
    whole = next((row for row in clauses if row["clause_code"] == ALL), {})
    status = "small_sample" if (whole.get("denominator") or 0) < FEW else "ok"
    broken = contracts.clause_rows(scope, say("contracts.broken_title"), "broken")
    figure = Figure(
        say("contracts.kept_rate"),
        formats.percent(whole.get("value")),
        "",
        doors.hang("broken", broken if whole.get("broken") else None),
        state_of(whole.get("value"), None, status),
    )
    facts = [
        kpis.of(whole, say),
        say("contracts.open_void", open=count(whole.get("open"), say), void=count(whole.get("void"), say)),
    ]
    told = Answer(say("contracts.question"), figure, facts, _sentence(desk, clauses, whole))
    return answer.html(told, _figures(desk, doors, whole, offers, conflicts, merges), say)


def _sentence(desk: Desk, clauses: Found, whole: Mapping[str, Any]) -> str:
    say = desk.say
    if not whole.get("clauses"):
        return say("contracts.none")
    told = [
        say(
            "contracts.told",
            contracts=count(whole["contracts"], say),
            clauses=count(whole["clauses"], say),
            broken=count(whole["broken"], say),
        )
    ]
    worst = max(clauses, key=lambda row: (row["clause_code"] != ALL, row["broken"], row["clause_code"]))
    if worst["broken"]:
        name = say.name("clause", worst["clause_code"])
        told.append(say("contracts.most", clause=name, n=count(worst["broken"], say)))
    return ("" if say.lang == "zh" else " ").join(told)


def _figures(
    desk: Desk, doors: Doors, whole: Mapping[str, Any], offers: Found, conflicts: Found, merges: Found
) -> list[Figure]:
    say, scope = desk.say, desk.scope
    own = next((row for row in offers if row["dimension"] in (ALL, "channel")), {})
    acceptance = kpi_rows.found(desk.version, scope).get("sla_acceptance_rate", {})
    missed = next((row for row in merges if row["opportunity"] == "missed"), {})
    clashes = sum(row["conflicts"] for row in conflicts)
    kept = {
        "numerator": own.get("promise_kept_count"),
        "denominator": own.get("promise_due_count"),
        "value": own.get("promise_kept_rate"),
        "status": "small_sample" if (own.get("promise_due_count") or 0) < FEW else "ok",
    }
    cost, taken = own.get("extra_cost_cny"), own.get("numerator")
    each = formats.money(cost / taken, say.lang) if cost is not None and taken else formats.NO_DATA
    joint, clash = say("contracts.joint"), say("contracts.conflicts")
    extra, freight = say("contracts.extra_cost"), say("contracts.saved_freight")
    return [
        kpis.counted(
            joint,
            whole.get("joint_contracts"),
            say("contracts.joint_note", n=count(whole.get("contracts"), say)),
            contracts.contract_rows(scope, joint),
            doors,
            say,
            "joint",
        ),
        kpis.counted(
            clash,
            clashes,
            say("contracts.conflicts_note"),
            contracts.conflict_rows(scope, clash),
            doors,
            say,
            "conflicts",
        ),
        Figure(
            freight,
            formats.money(missed.get("saved_freight_cny"), say.lang)
            if missed
            else formats.money(0, say.lang),
            say("contracts.saved_note", n=count(missed.get("saved_parcels", 0), say)),
            doors.hang("missed", contracts.merge_rows(scope, freight, "missed") if missed else None),
        ),
        kpis.rate(
            "sla_acceptance_rate", acceptance, contracts.refused(scope, say("contracts.refused")), doors, say
        ),
        kpis.rate(
            "new_promise_kept_rate", kept, contracts.not_kept(scope, say("contracts.not_kept")), doors, say
        ),
        Figure(
            extra,
            formats.money(cost, say.lang),
            say("contracts.extra_note", each=each),
            doors.hang("accepted", contracts.accepted(scope, say("contracts.accepted")) if taken else None),
        ),
    ]


def _clauses(desk: Desk, doors: Doors, clauses: Found) -> str:
    say = desk.say
    found = [row for row in clauses if row["clause_code"] != ALL]
    low, high = tracks.reach([row["value"] for row in found], None, top=1.0)
    scale = Scale(low, high, None, (formats.whole_percent(low), formats.whole_percent(high)))
    rows = []
    for row in sorted(found, key=lambda row: (row["value"] is None, row["value"], row["clause_code"])):
        name = say.name("clause", row["clause_code"])
        title = f"{say('contracts.broken_title')} · {name}"
        behind = contracts.clause_rows(desk.scope, title, "broken", row["clause_code"])
        small = row["value"] is not None and row["denominator"] < FEW
        counts = {name: count(row[name], say) for name in ("broken", "open")}
        rows.append(
            Row(
                name=name,
                at=row["value"],
                number=formats.percent(row["value"]),
                note=say("contracts.clause_note", **counts),
                state=State.SMALL_SAMPLE if small else None,
                door=doors.hang(f"clause/{row['clause_code']}", behind if row["broken"] else None),
            )
        )
    return tracks.panel(
        say("contracts.clauses"), say("contracts.clauses_note"), tracks.dots(rows, scale, say), 4
    )


def _conflicts(desk: Desk, doors: Doors, conflicts: Found) -> str:
    say = desk.say
    most = max((row["conflicts"] for row in conflicts), default=0)
    scale = Scale(0.0, float(most or 1), None, ("0", count(most, say)))
    rows = []
    for row in conflicts:
        name = say.name("conflict", row["conflict_code"])
        title = f"{say('contracts.conflicts')} · {name}"
        behind = contracts.conflict_rows(desk.scope, title, row["conflict_code"])
        rows.append(
            Row(
                name=name,
                at=float(row["conflicts"]),
                number=count(row["conflicts"], say),
                note=say("contracts.resources", n=count(row["resources"], say)),
                door=doors.hang(f"conflict/{row['conflict_code']}", behind),
            )
        )
    inner = tracks.bars(rows, scale, say) if rows else tracks.empty(say("contracts.no_conflicts"))
    return tracks.panel(say("contracts.why"), say("contracts.why_note"), inner, 4)


def _merges(desk: Desk, doors: Doors, merges: Found) -> str:
    say = desk.say
    columns = [
        (say("contracts.opportunity"), grid.WORDS),
        (say("contracts.groups"), grid.FIGURE),
        (say("contracts.parcels"), grid.FIGURE),
        (say("contracts.saved"), grid.FIGURE),
        (say("contracts.freight"), grid.FIGURE),
    ]
    rows, hung = [], []
    for row in merges:
        name = say.name("opportunity", row["opportunity"])
        behind = contracts.merge_rows(desk.scope, f"{say('contracts.merges')} · {name}", row["opportunity"])
        hung.append(doors.hang(f"merge/{row['opportunity']}", behind))
        rows.append(
            [
                name,
                *(count(row[part], say) for part in ("groups", "parcels", "saved_parcels")),
                formats.money(row["saved_freight_cny"], say.lang),
            ]
        )
    table = grid.html(columns, rows, hung, say) if rows else tracks.empty(say("contracts.no_merges"))
    return tracks.panel(say("contracts.merges"), say("contracts.merges_note"), table, 4)


def _offers(desk: Desk, doors: Doors, offers: Found, dimension: str) -> str:
    say = desk.say
    found = [row for row in offers if row["dimension"] == dimension and row["denominator"]]
    low, high = tracks.reach([row["value"] for row in found], None, top=1.0)
    scale = Scale(low, high, None, (formats.whole_percent(low), formats.whole_percent(high)))
    rows = []
    for row in sorted(found, key=lambda row: (-row["value"], row["member"])):
        name = say.name(dimension, row["member"])
        title = f"{say('contracts.refused')} · {name}"
        behind = contracts.refused(desk.scope, title, dimension, row["member"])
        can_open = row["denominator"] > row["numerator"]
        small = row["status"] == "small_sample"
        rows.append(
            Row(
                name=name,
                at=row["value"],
                number=formats.percent(row["value"]),
                note=kpis.of(row, say),
                state=State.SMALL_SAMPLE if small else None,
                door=doors.hang(f"offer/{dimension}/{row['member']}", behind if can_open else None),
            )
        )
    return tracks.panel(
        say(f"contracts.by_{dimension}"), say("contracts.by_note"), tracks.dots(rows, scale, say), 4
    )
