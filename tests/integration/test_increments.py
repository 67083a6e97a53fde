"""Increments of the order models: whatever comes, in whatever order, they equal one build of everything.

The exports of a tiny merchant are taken in pieces, with builds that end half-way between; then all kept
models are compared, row for row, with those of a build from nothing.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.growing_lake import Batch, GrowingLake, at, differences, is_increment

ORDER = {"channel": "own", "shop_id": "s1", "quantity": 1, "channel_sku_code": "c1", "extras": None}


def line(order: str, status: str, **more: str | datetime | None) -> dict[str, Any]:
    """A row of a line source: the order's only line."""
    row = {**ORDER, "channel_order_id": order, "channel_line_id": f"{order}-1", "status": status}
    return {"ordered_at": at(1), "paid_at": at(2), "shipped_at": None, "waybill_no": None, **row, **more}


def exported(hours: float, *rows: dict[str, Any], source: str = "line_orders", label: str = "1") -> Batch:
    """A file of orders."""
    return Batch("orders", source, at(hours), label, rows)


def tracked(hours: float, waybill: str, *nodes: tuple[float, str]) -> Batch:
    """A file of tracks of one waybill."""
    rows = [{"carrier": "sf", "waybill_no": waybill, "node_at": at(h), "node": node} for h, node in nodes]
    rows = [{**row, "node_raw": row["node"], "description": None, "received_at": at(hours)} for row in rows]
    return Batch("tracks", "luyue_tracks", at(hours), waybill, tuple(rows))


def pushed(hours: float, event: str, order: str, code: str, occurred: float) -> Batch:
    """A file with one pushed event."""
    row = {"event_id": event, "channel": "own", "channel_order_id": order, "channel_line_id": None}
    row |= {"event_code": code, "occurred_at": at(occurred), "received_at": at(hours), "source_system": "oms"}
    return Batch("order_events", "luyue_order_events", at(hours), event, ({**row, "payload": None},))


def aliased(hours: float, sku: str) -> Batch:
    """A file that says which SKU the shop's code is."""
    row = {"channel": "own", "shop_id": "s1", "channel_sku_code": "c1", "sku_code": sku}
    return Batch("sku_aliases", "luyue_sku_aliases", at(hours), "1", (row,))


def refunded(hours: float, case: str, order: str, at_hours: float | None) -> Batch:
    """A file with one after-sale case."""
    row = {"channel": "own", "aftersale_id": case, "channel_order_id": order, "channel_line_id": f"{order}-1"}
    row |= {"status": "refunded" if at_hours else "requested", "refund_amount_cny": 10.0}
    row |= {"requested_at": at(hours - 1), "refunded_at": at(at_hours) if at_hours else None}
    return Batch("aftersales", "luyue_aftersales", at(hours), case, (row,))


def resource(hours: float, code: str, name: str) -> Batch:
    """A file that names a store."""
    row = {"resource_code": code, "resource_type": "store", "name": name, "valid_from": None}
    return Batch("resources", "luyue_resources", at(hours), code, (row,))


@pytest.mark.timeout(1200)
def test_late_corrected_moved_and_replaced_rows_equal_one_build(tmp_path: Path) -> None:
    """Each kind of news once, and a build that ends between two models; nothing is lost or doubled."""
    lake = GrowingLake(tmp_path)
    lake.take(
        [
            exported(24, *(line(o, "paid_pending_ship") for o in "ABCD")),
            exported(24, line("R", "shipped", waybill_no="W9"), source="header_orders"),
            pushed(24, "E1", "A", "order_shipped", 20),
            tracked(24, "W1", (22, "picked_up"), (60, "signed")),
            resource(24, "ST1", "Zhongshan Road"),
        ]
    )
    assert not is_increment(lake.build(at(25)))

    # A parcel, an event that now speaks of another order, a refund, another meaning of a code.
    lake.take(
        [
            exported(48, line("A", "shipped", shipped_at=at(30), waybill_no="w1")),
            pushed(48, "E1", "B", "order_shipped", 21),
            refunded(48, "R1", "C", 47),
            aliased(48, "K7"),
        ]
    )
    lake.build(at(49), without="int_orders__timed")
    # Time alone passes: the node of hour 60 has come, promises fall due. And a late file of the first day.
    lake.take([exported(23, line("D", "pending_payment", paid_at=None), label="late")])
    parts = lake.build(at(80))
    assert is_increment(parts)
    assert differences(parts, lake.whole(at(80))) == []

    # Half of the chain on its own would double orders.
    lake.wanted = "int_orders__joined"
    with pytest.raises(AssertionError, match="int_orders__joined is built of touched orders: select"):
        lake.build(at(80))


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_file_that_is_taken_anew_makes_everything_anew(tmp_path: Path) -> None:
    """Of what it said before nothing may stay; its batch has another generation, and another id."""
    lake = GrowingLake(tmp_path)
    before = exported(30, line("B", "shipped", waybill_no="W1"))
    lake.take([exported(24, line("A", "paid_pending_ship")), before])
    lake.build(at(31))
    lake.batches.remove(before)
    lake.take([exported(30, line("B", "closed"), label="r1")])
    parts = lake.build(at(31))
    assert not is_increment(parts)
    assert differences(parts, lake.whole(at(31))) == []


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_store_that_gets_its_name_later_makes_its_receipts_anew(tmp_path: Path) -> None:
    """A receipt is kept under its store's code: it must move when the name resolves to another."""
    lake = GrowingLake(tmp_path)
    sale = line("Zhongshan Road-20260105-7", "completed", channel="pos", store_id="Zhongshan Road")
    lake.take([exported(24, sale, source="pos_receipts"), resource(24, "RIDER", "Wang")])
    lake.build(at(25))
    lake.take([resource(30, "RIDER", "Li")])
    assert is_increment(lake.build(at(31)))
    lake.take([resource(48, "ST1", "Zhongshan Road")])
    parts = lake.build(at(49))
    assert not is_increment(parts)
    assert differences(parts, lake.whole(at(49))) == []


ORDERS = st.sampled_from("ABC")
HOURS = st.integers(1, 96).map(float)
STATES = st.sampled_from(["paid_pending_ship", "shipped", "signed", "completed", "closed", "unknown"])
WAYBILLS = st.sampled_from(["W1", "W2", "w1"])


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """One file of any kind; which export it is, is its label, so that no two are the same file."""
    hours = draw(HOURS)
    made = draw(
        st.sampled_from(
            ["line_orders", "header_orders", "copied_orders", "tracks", "events", "cases", "alias"]
        )
    )
    order = draw(ORDERS)
    if made in ("line_orders", "header_orders", "copied_orders"):
        told: dict[str, Any] = draw(
            st.fixed_dictionaries(
                {"status": STATES},
                optional={
                    "shipped_at": st.one_of(st.none(), HOURS.map(at)),
                    "paid_at": st.one_of(st.none(), HOURS.map(at)),
                    "waybill_no": st.one_of(st.none(), WAYBILLS),
                    "promised_ship_at": HOURS.map(at),
                    "paid_amount_cny": st.just(10.0),
                },
            )
        )
        row = {**ORDER, "channel_order_id": order, "ordered_at": at(1), **told}
        if made != "header_orders":
            row["channel_line_id"] = f"{order}-{draw(st.integers(1, 2))}"
        return exported(hours, row, source=made)
    if made == "tracks":
        nodes = st.tuples(HOURS, st.sampled_from(["picked_up", "in_transit", "signed"]))
        return tracked(hours, draw(WAYBILLS), *draw(st.lists(nodes, min_size=1, max_size=3)))
    if made == "events":
        code = draw(st.sampled_from(["order_shipped", "refund_succeeded", "payment_succeeded"]))
        return pushed(hours, draw(st.sampled_from(["E1", "E2"])), order, code, draw(HOURS))
    if made == "cases":
        return refunded(hours, draw(st.sampled_from(["R1", "R2"])), order, draw(st.one_of(st.none(), HOURS)))
    return aliased(hours, draw(st.sampled_from(["K1", "K2"])))


KILLED_BEFORE = st.sampled_from(
    [
        *("", "", "int_orders__exported", "int_tracks__known", "int_orders__lines"),
        *("int_orders__waybills", "int_orders__timed", "int_orders__promised", "int_waybills__stalls"),
        "int_order_events__state_changes",
    ]
)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    pieces=st.lists(
        st.tuples(st.lists(batches(), max_size=8), st.integers(0, 40), KILLED_BEFORE), min_size=2, max_size=4
    )
)
def test_any_sequence_of_files_and_kills_equals_one_build(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[list[Batch], int, str]]
) -> None:
    """Random files, late or not, in pieces; cut-offs move on or stand still; builds end anywhere."""
    folder = tmp_path_factory.getbasetemp() / "growing"
    folder.mkdir(exist_ok=True)
    for leftover in folder.glob("*/warehouse.duckdb*"):
        leftover.unlink()
    lake = GrowingLake(folder)
    cut_off: datetime = at(48)
    taken = 0
    for files, hours, killed_before in pieces:
        for batch in files:
            taken += 1
            label = f"{taken:03}"
            lake.take([Batch(batch.feed, batch.source, batch.exported_at, label, batch.rows)])
        cut_off = max(cut_off, at(48 + hours))
        lake.build(cut_off, without=killed_before)
    parts = lake.build(cut_off)
    assert differences(parts, lake.whole(cut_off)) == []
