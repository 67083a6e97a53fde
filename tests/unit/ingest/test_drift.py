"""New and renamed headers: what is suggested, what is told, and what stays quiet."""

from __future__ import annotations

import time

import pytest
from support.ingest_files import DOUYIN, batch, contract, csv_bytes, rows

from dagster_project.lib.ingest.contracts.column_maps import known_headers
from dagster_project.lib.ingest.contracts.drift import drift, likeliest, likeness
from dagster_project.settings import BUILT_IN_CHANNELS


def told(source: str, *headers: str) -> list[str]:
    return drift(headers, contract(source)).notices(source)


def test_a_new_column_is_kept_and_told_once() -> None:
    made = batch(csv_bytes([DOUYIN | {"清关状态": "已放行"}] * 3))
    assert made.notices == ["new column 清关状态 kept in extras"]
    assert '"清关状态":"已放行"' in rows(made)["extras"][0]


def test_a_known_extra_is_quiet_and_so_is_an_absent_column() -> None:
    assert told("douyin_orders", *DOUYIN, "达人ID", "流量来源") == []


@pytest.mark.parametrize(
    ("header", "column"),
    [("宝贝标题2", "product_name"), ("收货人", "receiver_name"), ("总金额（元）", "order_amount_cny")],
)
def test_a_renamed_column_is_suggested(header: str, column: str) -> None:
    found = drift(["订单编号", "订单创建时间", header], contract("taobao_orders"))
    assert [(s.header, s.column) for s in found.suggestions] == [(header, column)]
    assert found.new == ()


def test_no_column_is_suggested_that_the_file_has() -> None:
    found = drift(["订单编号", "订单创建时间", "宝贝标题", "宝贝标题2"], contract("taobao_orders"))
    assert (found.suggestions, found.new) == ((), ("宝贝标题2",))


def test_the_name_of_another_contract_counts_as_the_same() -> None:
    elsewhere = known_headers([BUILT_IN_CHANNELS], "orders")
    found = drift(["订单号", "物流单号"], contract("pinduoduo_orders"), elsewhere)
    assert [(s.header, s.column, s.likeness) for s in found.suggestions] == [("物流单号", "waybill_no", 1.0)]


def test_each_header_and_each_column_is_suggested_once() -> None:
    found = drift(["订单编号", "收货人", "收货人名"], contract("taobao_orders")).suggestions
    assert len({s.header for s in found}) == len({s.column for s in found}) == len(found)


def test_the_notice_says_where_to_add_a_renamed_column() -> None:
    assert told("taobao_orders", "订单编号", "宝贝标题2") == [
        "renamed columns? 宝贝标题2 looks like 宝贝标题 (product_name); if so, add them to "
        "channels/taobao_orders/column_map.csv"
    ]


def test_units_in_brackets_count_little() -> None:
    assert likeness("邮费(元)", "邮费") == likeness("价格", "价格(元)") == 0.95
    assert likeness("标题", "标题") == 1.0
    assert likeness("快递单号", "仓库名称") < 0.5


def test_all_contracts_together_know_a_header() -> None:
    known = known_headers([BUILT_IN_CHANNELS], "orders")
    assert known["收货人姓名"] == "receiver_name"
    assert known["channel_order_id"] == "channel_order_id"
    suggestion = likeliest("收件人电话", known)
    assert suggestion is not None
    assert suggestion.column == "receiver_phone"


def test_a_missing_required_column_is_told_with_what_resembles_it() -> None:
    renamed = {("子订单号" if key == "子订单编号" else key): cell for key, cell in DOUYIN.items()}
    made = batch(csv_bytes([renamed]))
    assert made.refusal is not None
    assert made.refusal.code == "missing_column"
    assert "missing columns ['子订单编号']; 子订单号 looks like 子订单编号; " in made.refusal.reason


def test_a_table_of_thousands_of_columns_is_soon_compared() -> None:
    """No likeness is looked for among thousands; the first ones still count."""
    headers = ["订单编号", " 宝贝标题2 ", *(f"列{n}" for n in range(5000))]
    start = time.monotonic()
    found = drift(headers, contract("taobao_orders"))
    assert time.monotonic() - start < 2
    assert [s.header for s in found.suggestions] == ["宝贝标题2"]
    assert len(found.new) == 5000
