"""Inventory: do counts and book agree, why not, what is oversold, how fast shops follow."""

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
from app.queries import stock
from app.queries.stock import SYNC_LIMIT_SECONDS
from app.states import State, state_of

KPI = "agreement_rate_sku"
WAREHOUSES = 10

Found = list[dict[str, Any]]


def body(desk: Desk, doors: Doors) -> str:
    """The page."""
    causes = stock.causes(desk.version, desk.warehouse).to_dicts()
    return (
        _answer(desk, doors, causes)
        + _causes(desk, doors, causes)
        + _warehouses(desk, doors)
        + f'<div class="ly-s4 ly-stack">{_oversold(desk, doors)}{_short(desk, doors)}</div>'
        + _largest(desk, doors)
        + _syncs(desk, doors)
    )


def _answer(desk: Desk, doors: Doors, causes: Found) -> str:
    say = desk.say
    found = stock.health(desk.version, desk.scope, desk.warehouse)
    own = found.get(KPI, {})
    off = (own.get("denominator") or 0) - (own.get("numerator") or 0)
    rows = stock.counts(desk.scope, desk.warehouse, say("inventory.off"))
    figure = Figure(
        say("inventory.agreement"),
        formats.percent(own.get("value")),
        "",
        doors.hang("off", rows if off else None),
        state_of(own.get("value"), own.get("target"), own.get("status")),
    )
    told = Answer(say("inventory.question"), figure, kpis.facts(own, say), _sentence(desk, own, off, causes))
    return answer.html(told, _figures(desk, doors, found, causes), say)


def _sentence(desk: Desk, own: Mapping[str, Any], off: float, causes: Found) -> str:
    say = desk.say
    if not own.get("denominator"):
        return say("inventory.no_counts")
    told = [say("inventory.told", n=count(own["denominator"], say), off=count(off, say))]
    if causes:
        open_now = sum(row["variances"] for row in causes)
        told.append(
            say("inventory.standing", n=count(open_now, say), cause=say.name("cause", causes[0]["cause"]))
        )
    return ("" if say.lang == "zh" else " ").join(told)


def _figures(desk: Desk, doors: Doors, found: Mapping[str, Mapping[str, Any]], causes: Found) -> list[Figure]:
    say, warehouse = desk.say, desk.warehouse
    standing = stock.variances(warehouse, say("inventory.variances"))
    value = sum(row["value_cny"] or 0 for row in causes)
    known = sum(row["known"] for row in causes)
    open_now = sum(row["variances"] for row in causes)
    overdue = found.get("open_variance_overdue_rate", {})
    behind = {
        "oversell_rate": stock.short_lines(desk.scope, warehouse, say("kpi.oversell_rate")),
        "stock_sync_over_32s_rate": stock.sync_days(desk.scope, say("inventory.sync_days")),
        "negative_stock_rate": stock.negative(warehouse, say("inventory.negative")),
    }
    return [
        kpis.rate(
            "agreement_rate_value",
            found.get("agreement_rate_value", {}),
            stock.counts(desk.scope, warehouse, say("inventory.off"), "-variance_value_cny"),
            doors,
            say,
        ),
        kpis.counted(
            say("inventory.open"),
            open_now,
            say("inventory.overdue", n=count(overdue.get("numerator"), say)),
            standing,
            doors,
            say,
            "variances",
        ),
        Figure(
            say("inventory.open_value"),
            formats.money(value if known else None, say.lang),
            say("inventory.open_value_note", known=count(known, say), n=count(open_now, say)),
            doors.hang("variances_value", standing if open_now else None),
            None if known or not open_now else State.INCOMPLETE,
        ),
        *(kpis.rate(kpi, found.get(kpi, {}), rows, doors, say) for kpi, rows in behind.items()),
    ]


def _causes(desk: Desk, doors: Doors, causes: Found) -> str:
    say = desk.say
    most = max((row["variances"] for row in causes), default=0)
    scale = Scale(0.0, float(most or 1), None, ("0", count(most, say)))
    rows = []
    for row in causes:
        name = say.name("cause", row["cause"])
        behind = stock.variances(desk.warehouse, f"{say('inventory.variances')} · {name}", row["cause"])
        value = formats.money(row["value_cny"], say.lang)
        rows.append(
            Row(
                name=name,
                at=float(row["variances"]),
                number=count(row["variances"], say),
                note=value,
                door=doors.hang(f"cause/{row['cause']}", behind),
            )
        )
    note = say("inventory.causes_note", moment=formats.moment(desk.as_of))
    return tracks.panel(say("inventory.causes"), note, tracks.bars(rows, scale, say), 4)


def _warehouses(desk: Desk, doors: Doors) -> str:
    say = desk.say
    found = stock.by_warehouse(desk.version, desk.scope, desk.warehouse).to_dicts()[:WAREHOUSES]
    low, high = tracks.reach([row["value"] for row in found], None, top=1.0)
    scale = Scale(low, high, None, (formats.whole_percent(low), formats.whole_percent(high)))
    rows = [
        Row(
            name=row["name"],
            at=row["value"],
            number=formats.percent(row["value"]),
            note=kpis.of(row, say),
            state=State.SMALL_SAMPLE if row["status"] == "small_sample" else None,
            door=doors.hang(
                f"warehouse/{row['warehouse_code']}",
                stock.counts(desk.scope, row["warehouse_code"], f"{say('inventory.off')} · {row['name']}")
                if (row["denominator"] or 0) > (row["numerator"] or 0)
                else None,
            ),
        )
        for row in found
    ]
    return tracks.panel(
        say("inventory.warehouses"), say("inventory.warehouses_note"), tracks.dots(rows, scale, say), 4
    )


def _oversold(desk: Desk, doors: Doors) -> str:
    say = desk.say
    found = stock.oversold(desk.version).to_dicts()
    most = max((row["pieces"] for row in found), default=0)
    scale = Scale(0.0, most or 1.0, None, ("0", count(most, say)))
    rows = []
    for row in found:
        name = say.name("channel", row["channel"])
        behind = stock.listings(f"{say('inventory.oversold_title')} · {name}", row["channel"])
        rows.append(
            Row(
                name=name,
                at=row["pieces"],
                number=say("inventory.pieces", n=count(row["pieces"], say)),
                note=say("inventory.listings", n=count(row["listings"], say)),
                door=doors.hang(f"oversold/{row['channel']}", behind),
            )
        )
    inner = tracks.bars(rows, scale, say) if rows else tracks.empty(say("inventory.none_oversold"))
    return tracks.panel(say("inventory.oversold"), say("inventory.oversold_note"), inner, 4)


def _largest(desk: Desk, doors: Doors) -> str:
    say = desk.say
    columns = [
        (say("column.sku_code"), grid.KEY),
        (say("column.warehouse"), grid.WORDS),
        (say("inventory.counted"), grid.FIGURE),
        (say("inventory.book"), grid.FIGURE),
        (say("inventory.variance"), grid.FIGURE),
        (say("inventory.value"), grid.FIGURE),
        (say("inventory.cause"), grid.WORDS),
    ]
    rows, hung = [], []
    for at, row in enumerate(stock.largest(desk.version, desk.warehouse).to_dicts()):
        title = say("inventory.evidence", sku=row["sku_code"], warehouse=row["warehouse_code"])
        hung.append(doors.hang(f"evidence/{at}", stock.evidence(row, title)))
        rows.append(
            [
                row["sku_code"],
                row["warehouse_code"],
                formats.quantity(row["counted_qty"]),
                formats.quantity(row["book_qty"]),
                formats.quantity(row["variance_qty"], signed=True),
                formats.money(row["variance_value_cny"], say.lang),
                say.name("cause", row["cause"]),
            ]
        )
    table = grid.html(columns, rows, hung, say) if rows else tracks.empty(say("inventory.none_standing"))
    return tracks.panel(say("inventory.largest"), say("inventory.largest_note"), table, 8)


def _syncs(desk: Desk, doors: Doors) -> str:
    say = desk.say
    found = stock.syncs(desk.version, desk.scope).to_dicts()
    _, high = tracks.reach([row["p95_seconds"] for row in found], SYNC_LIMIT_SECONDS)
    limit = say("fulfilment.lag_limit", seconds=SYNC_LIMIT_SECONDS)
    scale = Scale(0.0, high, SYNC_LIMIT_SECONDS, ("0", formats.seconds(high, say.lang)), limit)
    rows = [
        Row(
            name=say.name("channel", row["channel"]),
            at=row["p50_seconds"],
            to=row["p95_seconds"],
            number=formats.percent(row["value"]),
            note=say(
                "inventory.sync_over", over=count(row["over_32s"], say), n=count(row["denominator"], say)
            ),
            door=doors.hang(
                f"sync/{row['channel']}",
                stock.sync_days(
                    desk.scope,
                    f"{say('inventory.sync_days')} · {say.name('channel', row['channel'])}",
                    row["channel"],
                ),
            ),
        )
        for row in found
    ]
    return tracks.panel(say("inventory.sync"), say("fulfilment.lag_note"), tracks.spans(rows, scale, say), 4)


def _short(desk: Desk, doors: Doors) -> str:
    say = desk.say
    found = stock.short(desk.version, desk.scope, desk.warehouse).to_dicts()
    most = max((row["order_lines"] for row in found), default=0)
    scale = Scale(0.0, float(most or 1), None, ("0", count(most, say)))
    rows = []
    for row in found:
        name = say.name("shortfall", row["outcome"])
        behind = stock.short_lines(
            desk.scope, desk.warehouse, f"{say('inventory.short')} · {name}", row["outcome"]
        )
        lost = formats.money(row["lost_sales_cny"], say.lang)
        rows.append(
            Row(
                name=name,
                at=float(row["order_lines"]),
                number=count(row["order_lines"], say),
                note=say("inventory.lost", value=lost) if row["lost_sales_cny"] else "",
                door=doors.hang(f"short/{row['outcome']}", behind),
            )
        )
    inner = tracks.bars(rows, scale, say) if rows else tracks.empty(say("inventory.none_short"))
    return tracks.panel(say("inventory.short"), say("inventory.short_note"), inner, 12)
