"""Stock cases, one rule a SKU: movements, counts, orders and listings of a month that one dbt build takes.

What is expected of them stands in the tests.
"""

from __future__ import annotations

from datetime import datetime, timedelta

Cell = str | float | datetime | None
Row = dict[str, Cell]

AS_OF = datetime(2026, 1, 31)
JST = "jst_stock_movements"


def day(number: int, hour: int = 12) -> datetime:
    """A time in January 2026."""
    return datetime(2026, 1, number, hour)


def move(sku: str, quantity: float, at: datetime, kind: str = "adjust", **more: Cell) -> Row:
    """A movement line of warehouse W1 that was recorded as it happened."""
    number = more.pop("movement_id", f"{sku}-{kind}-{at:%d%H}")
    row = {"warehouse_code": "W1", "sku_code": sku, "movement_id": number, "line_no": "1"}
    row |= {"movement_type": kind, "quantity": quantity, "occurred_at": at, "recorded_at": at}
    return row | {"document_no": None, "channel_order_id": None} | more


def count(sku: str, quantity: float, at: datetime, kind: str = "physical", **more: Cell) -> Row:
    """A count of warehouse W1."""
    row = {"warehouse_code": "W1", "sku_code": sku, "counted_at": at, "count_type": kind}
    return row | {"on_hand_qty": quantity, "locked_qty": None, "defective_qty": None} | more


def jst(sku: str, number: str, quantity: float, exported_at: datetime, **more: Cell) -> Row:
    """A line of a document that its source always exports whole, without line number or time of record."""
    row = move(sku, quantity, day(3), movement_id=number, source=JST, exported_at=exported_at, **more)
    return {k: v for k, v in row.items() if k not in ("line_no", "recorded_at")}


def order(order_id: str, sku: str, quantity: int, shipped_at: datetime) -> Row:
    """A shipped order line of warehouse W1, which the platform calls by its name."""
    row = {"source": "luyue_orders", "channel": "app", "channel_order_id": order_id, "status": "shipped"}
    row |= {"channel_line_id": f"{order_id}-1", "channel_sku_code": sku, "quantity": quantity}
    return row | {"shipped_at": shipped_at, "paid_at": shipped_at, "warehouse_code": "Shanghai"}


OPENED = ["late_sys", "late_phys", "dup", "out", "out_booked", "ret", "uom", "pack", "lost", "run", "ok"]
ROWS: dict[str, list[Row]] = {
    "warehouses": [
        {"warehouse_code": "W1", "name": "Shanghai", "owner": "wang"},
        {"warehouse_code": "W2", "name": "Wuhan", "owner": None},
    ],
    "skus": [
        {"sku_code": sku, "cost_cny": 2, "owner": "li", "extras": None}
        for sku in (*OPENED, "moved", "exact", "fixed", "gone", "zero", "twins", "listed", "red", "named")
        if sku != "pack"
    ]
    + [{"sku_code": "pack", "cost_cny": None, "owner": "li", "extras": '{"pack_qty": "5"}'}],
    "stock_movements": [
        *[move(sku, 100, day(1), "opening") for sku in OPENED],
        move("late_sys", -5, day(5), "sales_out", recorded_at=day(8)),
        move("late_phys", -5, day(5), "sales_out", recorded_at=day(8)),
        move("dup", 20, day(3), "purchase_in", document_no="P1", movement_id="A"),
        move("dup", 20, day(4), "purchase_in", document_no="P1", movement_id="B"),
        move("out_booked", -1, day(2), "sales_out", channel_order_id="O0, O2"),
        move("moved", 10, day(1), "opening"),
        move("moved", -10, day(4), "transfer_out", document_no="T1"),
        move("uom", 2, day(3), "purchase_in"),
        move("pack", 3, day(3), "purchase_in"),
        move("exact", 7, day(6), "opening"),
        jst("fixed", "J1", 9, day(4)),
        jst("fixed", "J1", 6, day(5)),
        jst("gone", "J2", 4, day(4)),
        jst("fixed", "J2", 1, day(4)),
        jst("fixed", "J2", 1, day(5)),
        move("zero", 8, day(3), movement_id="Z", exported_at=day(4)),
        move("zero", 0, day(3), movement_id="Z", exported_at=day(5)),
        jst("twins", "J3", 2, day(4)),
        jst("twins", "J3", 2, day(4)),
        move("listed", 5, day(2)),
        move("red", -3, day(2)),
        move("named", 4, day(2), warehouse_code="Wuhan"),
        move("ok", 1, AS_OF + timedelta(days=1), movement_id="tomorrow"),
    ],
    "stock_counts": [
        count("late_sys", 100, day(6), "system", locked_qty=3),
        count("late_sys", 95, day(7), locked_qty=None),
        count("late_phys", 95, day(6)),
        count("dup", 120, day(6)),
        count("out", 97, day(6)),
        count("out_booked", 99, day(6)),
        count("ret", 104, day(10)),
        count("moved", 10, day(6), warehouse_code="Wuhan"),
        count("uom", 124, day(6)),
        count("pack", 115, day(6)),
        count("lost", 93, day(6)),
        *[count("run", quantity, day(n)) for n, quantity in ((5, 100), (6, 99), (7, 98), (8, 98))],
        count("ok", 100, day(6)),
        count("exact", 7, day(6)),
        count("stray", 3, day(6), warehouse_code="W9"),
        count("ok", 50, AS_OF + timedelta(hours=1)),
    ],
    "channel_listings": [
        {"channel": "app", "shop_id": "1", "sku_code": "listed", "listed_qty": 9, "changed_at": day(3)},
        {"channel": "app", "shop_id": "1", "sku_code": "listed", "listed_qty": 4, "changed_at": day(4)},
        {"channel": "jd", "shop_id": "1", "sku_code": "listed", "listed_qty": 2, "changed_at": day(2)},
    ],
    "orders": [
        order("O1", "out", 3, day(5)),
        order("O2", "out_booked", 1, day(5)),
        order("O3", "ret", 4, day(1, 1)),
    ],
    "aftersales": [
        {"channel": "app", "aftersale_id": "S1", "channel_order_id": "O3", "channel_line_id": None}
        | {"returned_at": day(9)}
    ],
    "order_events": [
        {"event_id": "E1", "channel": "app", "channel_order_id": "O1", "channel_line_id": "O1-1"}
        | {"event_code": "oversell_detected", "occurred_at": day(4), "source_system": "oms"}
    ],
}
