"""Files of the tiny merchant of `growing_lake`, by what they tell of; and any of them, drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from support.growing_lake import Batch, at

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


def case(hours: float, case_id: str, order: str, detected: float, resolved: float | None = None) -> Batch:
    """A file with one case of the merchant."""
    row: dict[str, Any] = {"case_id": case_id, "channel": "own", "channel_order_id": order}
    row |= {"event_code": "stock_out_reported", "detected_at": at(detected)}
    row |= {"resolved_at": at(resolved) if resolved else None}
    return Batch("anomaly_cases", "luyue_anomaly_cases", at(hours), case_id, (row,))


def charged(hours: float, entry: str, order: str, amount: float, kind: str) -> Batch:
    """A file with one entry of the ledger."""
    row = {"channel": "own", "entry_id": entry, "channel_order_id": order, "amount_cny": amount}
    row |= {"entry_type": kind, "occurred_at": at(hours - 1)}
    return Batch("fund_entries", "luyue_fund_entries", at(hours), entry, (row,))


def owned(**customers: str) -> list[dict[str, Any]]:
    """What identity says: whose each order is."""
    said: dict[str, Any] = {"source": "luyue_orders", "channel": "own", "role": "owner"}
    said |= {"record_kind": "order", "occurred_at": at(1)}
    return [{**said, "source_record_id": order, "customer_id": one} for order, one in customers.items()]


def placed(**keys: str) -> list[dict[str, Any]]:
    """What the address stage says: the place of each address."""
    return [{"address_token": t, "address_key_token": k, "visible_to": "room"} for t, k in keys.items()]


def resource(hours: float, code: str, name: str) -> Batch:
    """A file that names a store."""
    row = {"resource_code": code, "resource_type": "store", "name": name, "valid_from": None}
    return Batch("resources", "luyue_resources", at(hours), code, (row,))


ORDERS = st.sampled_from("ABC")
HOURS = st.integers(1, 96).map(float)
STATES = st.sampled_from(["paid_pending_ship", "shipped", "signed", "completed", "closed", "unknown"])
WAYBILLS = st.sampled_from(["W1", "W2", "w1"])
EVENTS = st.sampled_from(["order_shipped", "refund_succeeded", "payment_succeeded"])
ENTRIES = st.sampled_from(["income", "refund", "penalty"])


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """One file of any kind; which export it is, is its label, so that no two are the same file."""
    hours = draw(HOURS)
    made = draw(
        st.sampled_from(
            [
                *("line_orders", "header_orders", "copied_orders", "tracks", "events", "cases", "alias"),
                *("anomalies", "funds"),
            ]
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
                    "parent_order_id": ORDERS,
                    "receiver_address_token": st.sampled_from(["t1", "t2"]),
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
    name, time = draw(st.sampled_from(["N1", "N2"])), draw(st.one_of(st.none(), HOURS))
    others: dict[str, Callable[[], Batch]] = {
        "events": lambda: pushed(hours, name, order, draw(EVENTS), draw(HOURS)),
        "cases": lambda: refunded(hours, name, order, time),
        "anomalies": lambda: case(hours, name, order, draw(HOURS), time),
        "funds": lambda: charged(hours, name, order, draw(st.sampled_from([8.0, 10.0])), draw(ENTRIES)),
        "alias": lambda: aliased(hours, name),
    }
    return others[made]()


@st.composite
def stores(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Whose each order is and where each address lies, as other stages say in one run."""
    customers = {order: draw(st.sampled_from(["C1", "C2"])) for order in "ABC"}
    places = {token: draw(st.sampled_from(["k1", "k2"])) for token in ("t1", "t2")}
    return {"members": owned(**customers), "addresses": placed(**places)}
