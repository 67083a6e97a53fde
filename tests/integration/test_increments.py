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
from support.growing_files import (
    aliased,
    batches,
    case,
    charged,
    exported,
    line,
    owned,
    placed,
    pushed,
    refunded,
    resource,
    stores,
    tracked,
)
from support.growing_lake import Batch, GrowingLake, at, differences, is_increment


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

    # A parcel, an event that now speaks of another order, a refund, another meaning of a code; and what no
    # export of an order says: a case, a ledger, a link that another order names.
    lake.take(
        [
            exported(48, line("A", "shipped", shipped_at=at(30), waybill_no="w1")),
            pushed(48, "E1", "B", "order_shipped", 21),
            refunded(48, "R1", "C", 47),
            aliased(48, "K7"),
            case(48, "K1", "A", 47),
            charged(48, "F1", "B", 8.0, "income"),
            exported(48, line("Z", "paid_pending_ship", parent_order_id="C", receiver_address_token="t1")),
            exported(48, line("D", "paid_pending_ship", receiver_address_token="t2"), source="header_orders"),
        ]
    )
    lake.beside = {"members": owned(Z="C1", D="C2"), "addresses": placed(t1="k1", t2="k2")}
    lake.build(at(49), without="int_orders__timed")
    # Time alone passes: the node of hour 60 has come, promises fall due. And a late file of the first day.
    lake.take([exported(23, line("D", "pending_payment", paid_at=None), label="late")])
    # Two orders of one SKU within half an hour are suspected to be one: if one customer's, to one address.
    # They were for a while; what the build that was killed made of it must go.
    lake.beside = {"members": owned(Z="C1", D="C1"), "addresses": placed(t1="k1", t2="k1")}
    lake.build(at(80), without="int_cycles__steps")
    lake.beside = {"members": owned(Z="C1", D="C2"), "addresses": placed(t1="k1", t2="k1")}
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


KILLED_BEFORE = st.sampled_from(
    [
        *("", "", "int_orders__exported", "int_tracks__known", "int_orders__lines"),
        *("int_orders__waybills", "int_orders__timed", "int_orders__promised", "int_waybills__stalls"),
        *("int_order_events__state_changes", "int_order_events__timeline", "int_cycles__steps"),
    ]
)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    pieces=st.lists(
        st.tuples(st.lists(batches(), max_size=8), st.integers(0, 40), KILLED_BEFORE, stores()),
        min_size=2,
        max_size=4,
    )
)
def test_any_sequence_of_files_and_kills_equals_one_build(
    tmp_path_factory: pytest.TempPathFactory,
    pieces: list[tuple[list[Batch], int, str, dict[str, list[dict[str, Any]]]]],
) -> None:
    """Random files, late or not, in pieces; cut-offs move on or stand still; builds end anywhere."""
    folder = tmp_path_factory.getbasetemp() / "growing"
    folder.mkdir(exist_ok=True)
    for leftover in folder.glob("*/warehouse.duckdb*"):
        leftover.unlink()
    lake = GrowingLake(folder)
    cut_off: datetime = at(48)
    taken = 0
    for files, hours, killed_before, beside in pieces:
        lake.beside = beside
        for batch in files:
            taken += 1
            label = f"{taken:03}"
            lake.take([Batch(batch.feed, batch.source, batch.exported_at, label, batch.rows)])
        cut_off = max(cut_off, at(48 + hours))
        lake.build(cut_off, without=killed_before)
    parts = lake.build(cut_off)
    assert differences(parts, lake.whole(cut_off)) == []
