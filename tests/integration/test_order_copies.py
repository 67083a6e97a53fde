"""A copy of the channels' orders (an ERP's) fills gaps and stands in for what nobody else exports."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support.dbt_build import dbt_build, read_table
from support.small_lake import write_lake

AS_OF = datetime(2026, 1, 31)
LATER = datetime(2026, 1, 30)
EARLIER = datetime(2026, 1, 20)
Row = dict[str, Any]


def line(source: str, channel: str, order: str, line_id: str, **more: Any) -> Row:  # noqa: ANN401 — cells
    """A paid line of quantity 1."""
    row = {"source": source, "channel": channel, "channel_order_id": order, "channel_line_id": line_id}
    row |= {"status": "paid_pending_ship", "quantity": 1, "ordered_at": datetime(2026, 1, 5)}
    return row | {"paid_at": datetime(2026, 1, 5), "paid_amount_cny": 30, "exported_at": EARLIER} | more


def copy(channel: str, order: str, line_id: str, **more: Any) -> Row:  # noqa: ANN401 — cells
    """A line of the ERP's export, which comes later and calls the line otherwise."""
    shipped = {"status": "shipped", "carrier": "zto", "waybill_no": f"W-{order}", "channel_sku_code": "ERP"}
    shipped |= {"shipped_at": datetime(2026, 1, 6), "exported_at": LATER, "paid_amount_cny": 29}
    return line("jst_orders", channel, order, line_id, **(shipped | more))


ROWS = {
    "orders": [
        line("jd_orders", "jd", "1", "1-1", channel_sku_code="A"),
        line("jd_orders", "jd", "1", "1-2", channel_sku_code="B"),
        copy("jd", "1", "erp-1"),
        copy("jd", "1", "erp-2"),
        copy("jd", "1", "erp-3", status="merged", waybill_no="W-old"),
        line("jd_orders", "jd", "2", "2-1", waybill_no="W-own"),
        copy("jd", "2", "erp-4"),
        copy("xiaohongshu", "1", "erp-5"),
        copy("xiaohongshu", "1", "erp-6"),
    ]
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copies")
    env = write_lake(folder, ROWS, {"jd_orders": "line", "jst_orders": "copy"})
    return dbt_build(folder, env, AS_OF, "+fct_orders +fct_order_lines")


def orders(warehouse: Path) -> dict[tuple[str, str], Row]:
    found = read_table(warehouse, "marts.fct_orders")
    return {(row["channel"], row["channel_order_id"]): row for row in found.iter_rows(named=True)}


def test_a_copy_makes_no_second_line_and_changes_no_word(warehouse: Path) -> None:
    lines = read_table(warehouse, "marts.fct_order_lines").filter(pl.col("channel") == "jd")
    assert sorted(lines["channel_line_id"].to_list()) == ["1-1", "1-2", "2-1"]
    assert set(lines["source"].to_list()) == {"jd_orders"}
    told = orders(warehouse)["jd", "1"]
    assert (told["paid_amount_cny"], told["status"]) == (Decimal(30), "paid_pending_ship")


def test_a_copy_fills_what_the_channel_leaves_open(warehouse: Path) -> None:
    """京东 exports no waybill; where the channel has one, its own stands."""
    found = orders(warehouse)
    assert (found["jd", "1"]["waybill_no"], found["jd", "1"]["carrier"]) == ("W-1", "zto")
    assert found["jd", "2"]["waybill_no"] == "W-own"
    assert found["jd", "1"]["shipped_at"] == datetime(2026, 1, 6)


def test_a_copy_stands_alone_for_what_no_channel_exports(warehouse: Path) -> None:
    told = orders(warehouse)["xiaohongshu", "1"]
    assert (told["status"], told["waybill_no"], told["paid_amount_cny"]) == ("shipped", "W-1", Decimal(29))
    lines = read_table(warehouse, "marts.fct_order_lines").filter(pl.col("channel") == "xiaohongshu")
    assert lines.height == 2
