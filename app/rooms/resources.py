"""Resources: where orders go that nobody serves, and how full those are that serve."""

from __future__ import annotations

from typing import Any

from app import formats
from app.charts import place_map
from app.charts.place_map import Place, Resource
from app.components import answer, grid, kpis, tracks
from app.components.answer import Answer, Figure
from app.components.doors import Doors
from app.components.kpis import count
from app.components.tracks import Row, Scale
from app.frame import Desk
from app.queries import resources
from app.states import State, state_of
from dagster_project import ground

Found = list[dict[str, Any]]
FEW = 30
"""Under this many a rate is a small sample, as in the marts."""


def body(desk: Desk, doors: Doors) -> str:
    """The page."""
    needs = resources.needs(desk.version).to_dicts()
    loads = resources.loads(desk.version).to_dicts()
    return (
        _answer(desk, doors, needs, loads)
        + _map(desk, doors)
        + f'<div class="ly-s4 ly-stack">{_needs(desk, doors, needs)}{_loads(desk, doors, loads)}</div>'
        + _gaps(desk, doors)
        + _fullest(desk, doors)
    )


def _answer(desk: Desk, doors: Doors, needs: Found, loads: Found) -> str:
    say = desk.say
    asked, served = (sum(row[name] or 0 for row in needs) for name in ("orders", "served"))
    own = {"numerator": served, "denominator": asked, "value": served / asked if asked else None}
    status = "ok" if asked >= FEW else "small_sample"
    gaps = resources.gap_rows(say("resources.gaps"))
    figure = Figure(
        say("resources.served"),
        formats.percent(own["value"]),
        "",
        doors.hang("gaps", gaps if asked > served else None),
        state_of(own["value"], None, status),
    )
    told = Answer(say("resources.question"), figure, [kpis.of(own, say)], _sentence(desk, needs))
    return answer.html(told, _figures(desk, doors, needs, loads), say)


def _sentence(desk: Desk, needs: Found) -> str:
    say = desk.say
    gaps = resources.gaps(desk.version).to_dicts()
    if not needs:
        return say("resources.no_orders")
    if not gaps:
        return say("resources.no_gap")
    worst = gaps[0]
    where = worst["district"] or worst["city"] or worst["province"] or worst["adcode"]
    return say(
        "resources.told",
        gaps=count(sum(row["gaps"] for row in needs), say),
        orders=count(sum(row["gap_orders"] or 0 for row in needs), say),
        where=where,
        need=say.name("need", worst["need"]),
        n=count(worst["order_count"], say),
    )


def _figures(desk: Desk, doors: Doors, needs: Found, loads: Found) -> list[Figure]:
    say = desk.say
    value = sum(row["gap_cny"] or 0 for row in needs)
    counts = ("resources", "over_capacity", "full", "unavailable")
    total = {name: sum(row[name] or 0 for row in loads) if loads else None for name in counts}
    reporting = sum(row["reporting"] for row in loads)
    last = {
        name: resources.load_rows(say(f"resources.{name}"), only=name) for name in resources.LAST_DAY if name
    }
    gaps = resources.gap_rows(say("resources.gaps"))
    rows = [
        kpis.counted(
            say("resources.places"),
            sum(row["gaps"] for row in needs) if needs else None,
            say("resources.places_note"),
            gaps,
            doors,
            say,
            "places",
        ),
        Figure(
            say("resources.at_stake"),
            formats.money(value if needs else None, say.lang),
            say("resources.at_stake_note"),
            doors.hang("at_stake", gaps if value else None),
        ),
        kpis.counted(
            say("resources.in_force"),
            total["resources"],
            say("resources.in_force_note"),
            last["in_force"],
            doors,
            say,
            "in_force",
        ),
        kpis.counted(
            say("resources.full"),
            total["full"],
            say("resources.full_note", n=count(reporting, say)),
            last["full"],
            doors,
            say,
            "full",
        ),
        kpis.counted(
            say("resources.over"),
            total["over_capacity"],
            say("resources.over_note"),
            last["over"],
            doors,
            say,
            "over",
        ),
        kpis.counted(
            say("resources.away"),
            total["unavailable"],
            say("resources.away_note"),
            last["away"],
            doors,
            say,
            "away",
        ),
    ]
    return rows


def _map(desk: Desk, doors: Doors) -> str:
    say, centres = desk.say, ground.centres()
    places = []
    for row in resources.places(desk.version).to_dicts():
        if row["adcode"] not in centres:
            continue
        name = row["name"] or row["adcode"]
        key = "resources.place_gap" if row["is_gap"] else "resources.place"
        title = say("resources.gaps") if row["is_gap"] else say("resources.needed_here")
        behind = resources.gap_rows(f"{title} · {name}", adcode=row["adcode"], only_gaps=row["is_gap"])
        places.append(
            Place(
                centres[row["adcode"]],
                row["orders"],
                row["is_gap"],
                say(key, name=name, n=count(row["orders"], say)),
                doors.hang(f"place/{row['adcode']}", behind),
            )
        )
    who = [
        Resource(
            (row["latitude"], row["longitude"]),
            f"{row['name'] or row['resource_code']} · {say.name('resource', row['resource_type'])}",
        )
        for row in resources.resources(desk.version).to_dicts()
    ]
    title = say("resources.map")
    drawn = place_map.svg(ground.districts(), places, who, title)
    signs = "".join(
        f'<span class="ly-sign-{sign}">{say(f"resources.sign.{sign}")}</span>'
        for sign in ("served", "gap", "who")
    )
    return tracks.panel(title, say("resources.map_note"), f'{drawn}<p class="ly-signs">{signs}</p>', 8)


def _needs(desk: Desk, doors: Doors, needs: Found) -> str:
    say = desk.say
    low, high = tracks.reach([row["value"] for row in needs], None, top=1.0)
    scale = Scale(low, high, None, (formats.whole_percent(low), formats.whole_percent(high)))
    rows = []
    for row in needs:
        name = say.name("need", row["need"])
        gaps = resources.gap_rows(f"{say('resources.gaps')} · {name}", need=row["need"])
        rows.append(
            Row(
                name=name,
                at=row["value"],
                number=formats.percent(row["value"]),
                note=say("fact.of", n=count(row["served"] or 0, say), total=count(row["orders"], say)),
                state=State.SMALL_SAMPLE if row["orders"] < FEW else None,
                door=doors.hang(f"need/{row['need']}", gaps if row["gaps"] else None),
            )
        )
    return tracks.panel(
        say("resources.by_need"), say("resources.by_need_note"), tracks.dots(rows, scale, say), 4
    )


def _loads(desk: Desk, doors: Doors, loads: Found) -> str:
    say = desk.say
    found = [
        (row, row["orders"] / row["capacity"])
        for row in loads
        if row["capacity"] and row["orders"] is not None
    ]
    high = max((used for _, used in found), default=1.0)
    scale = Scale(
        0.0, max(high, 1.0), 1.0, ("0%", formats.whole_percent(max(high, 1.0))), say("resources.capacity")
    )
    rows = []
    for row, used in found:
        name = say.name("resource", row["resource_type"])
        days = resources.load_rows(f"{say('resources.load')} · {name}", row["resource_type"])
        rows.append(
            Row(
                name=name,
                at=used,
                number=formats.percent(used),
                note=say(
                    "resources.type_note",
                    n=count(row["resources"], say),
                    over=count(row["over_capacity"], say),
                ),
                door=doors.hang(f"type/{row['resource_type']}", days),
            )
        )
    inner = tracks.bars(rows, scale, say) if rows else tracks.empty(say("resources.no_capacity"))
    return tracks.panel(say("resources.by_type"), say("resources.by_type_note"), inner, 4)


def _gaps(desk: Desk, doors: Doors) -> str:
    say = desk.say
    columns = [
        (say("resources.place_name"), grid.WORDS),
        (say("column.need"), grid.WORDS),
        (say("resources.why"), grid.WORDS),
        (say("resources.orders"), grid.FIGURE),
        (say("resources.paid"), grid.FIGURE),
        (say("resources.nearest"), grid.FIGURE),
    ]
    rows, hung = [], []
    for row in resources.gaps(desk.version).to_dicts():
        where = " ".join(dict.fromkeys(row[part] for part in ("province", "city", "district") if row[part]))
        behind = resources.gap_rows(f"{say('resources.gaps')} · {where}", row["need"], row["adcode"])
        hung.append(doors.hang(f"gap/{row['adcode']}/{row['need']}", behind))
        km = row["nearest_able_km"]
        rows.append(
            [
                where or row["adcode"],
                say.name("need", row["need"]),
                say.name("coverage", row["coverage_status"]),
                count(row["order_count"], say),
                formats.money(row["paid_amount_cny"], say.lang),
                formats.NO_DATA if km is None else say("resources.km", n=f"{km:,.0f}"),
            ]
        )
    table = grid.html(columns, rows, hung, say) if rows else tracks.empty(say("resources.no_gap"))
    return tracks.panel(say("resources.gap_list"), say("resources.gap_list_note"), table, 7)


def _fullest(desk: Desk, doors: Doors) -> str:
    say = desk.say
    columns = [
        (say("resources.name"), grid.WORDS),
        (say("column.resource_type"), grid.WORDS),
        (say("resources.orders"), grid.FIGURE),
        (say("column.capacity_per_day"), grid.FIGURE),
        (say("resources.use"), grid.FIGURE),
        (say("column.peak_load"), grid.FIGURE),
    ]
    rows, hung = [], []
    for row in resources.fullest(desk.version).to_dicts():
        behind = resources.load_rows(
            f"{say('resources.load')} · {row['name']}", resource_code=row["resource_code"]
        )
        hung.append(doors.hang(f"who/{row['resource_code']}", behind))
        rows.append(
            [
                row["name"],
                say.name("resource", row["resource_type"]),
                count(row["order_count"], say),
                formats.quantity(row["capacity_per_day"]),
                formats.percent(row["utilisation_rate"]),
                formats.percent(row["peak_load"]),
            ]
        )
    table = grid.html(columns, rows, hung, say) if rows else tracks.empty(say("room.none"))
    return tracks.panel(say("resources.fullest"), say("resources.fullest_note"), table, 5)
