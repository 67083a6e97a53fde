"""One file becomes one batch: what is accepted, refused and told, row by row."""

from __future__ import annotations

import json
from decimal import Decimal

import polars as pl
import pytest
from support.ingest_files import DOUYIN, EVENT, batch, csv_bytes, rows


def reasons(data: bytes, source: str = "douyin_orders") -> list[tuple[int | None, str | None, str]]:
    """Line, column and code of each refusal."""
    made = batch(data, source)
    assert made.quarantine is not None
    return made.quarantine.select("source_line", "column_name", "reason_code").rows()


def test_doudian_line_is_mapped_typed_and_split() -> None:
    row = rows(batch(csv_bytes([DOUYIN]))).row(0, named=True)
    assert row["channel"] == "douyin"
    assert row["channel_order_id"] == "6917930000000000123"
    assert row["status"] == "shipped"
    assert row["paid_share_cny"] == Decimal("36.90")
    assert row["paid_amount_cny"] is None
    assert row["receiver_phone_mask"] == "139****5678"
    assert row["receiver_name_mask"] == "王*"
    assert row["receiver_address_mask"] == "浙江省杭州市西湖区***"
    assert json.loads(row["extras"]) == {"流量来源": "直播"}
    assert row["source_line"] == 2


def test_personal_values_stand_in_the_vault_alone() -> None:
    made = batch(csv_bytes([DOUYIN, DOUYIN]))
    lake = rows(made).write_json()
    assert not [value for value in ("13912345678", "王小明", "文三路") if value in lake]
    assert made.vault is not None
    kept = dict(made.vault.select("kind", "value").iter_rows())
    assert kept == {"phone": "13912345678", "name": "王小明", "address": "文三路1号2幢301室"}
    address = made.vault.filter(kind="address").row(0, named=True)
    assert (address["province"], address["city"], address["district"]) == ("浙江省", "杭州市", "西湖区")
    tokens = rows(made).select("receiver_phone_token", "receiver_name_token", "receiver_address_token")
    assert set(tokens.row(0)) == set(made.vault["token"])


def test_phones_in_columns_of_words_stand_in_the_vault_alone() -> None:
    """As a row brings them whose cells are shifted by one; ids that look alike stay whole."""
    shifted = DOUYIN | {"订单状态": "13912345678", "选购商品": "送 13712345678 收", "街道": "13812345678"}
    made = batch(csv_bytes([shifted | {"商家编码": "13612345678"}]))
    row = rows(made).row(0, named=True)
    assert (row["status_raw"], row["status"]) == ("139****5678", "unknown")
    assert row["product_name"] == "送 137****5678 收"
    assert row["receiver_town"] == "138****5678"
    assert row["channel_sku_code"] == "13612345678"
    assert made.vault is not None
    assert {"13912345678", "送 13712345678 收"} <= set(made.vault["value"])


def test_identical_lines_of_one_file_are_real() -> None:
    made = batch(csv_bytes([DOUYIN, DOUYIN]))
    assert (made.rows_read, made.rows_accepted) == (2, 2)


@pytest.mark.parametrize(
    ("column", "cell", "code", "name"),
    [
        ("订单提交时间", "2026-13-45 99:00:00", "bad_time", "ordered_at"),
        ("商品数量", "-2", "negative_quantity", "quantity"),
        ("商品单价", "-0.01", "negative_price", "unit_price_cny"),
        ("商品数量", "two", "bad_number", "quantity"),
        ("主订单编号", "\t", "missing_key", "channel_order_id"),
        ("子订单编号", "-", "missing_key", "channel_line_id"),
        ("流量来源", "x" * (1 << 20) + "x", "cell_too_large", "流量来源"),
    ],
)
def test_bad_cell_refuses_its_row_alone(column: str, cell: str, code: str, name: str) -> None:
    data = csv_bytes([DOUYIN, DOUYIN | {column: cell}, DOUYIN])
    made = batch(data)
    assert (made.rows_read, made.rows_accepted, made.rows_refused) == (3, 2, 1)
    assert reasons(data) == [(3, name, code)]


def test_row_with_two_faults_is_refused_once() -> None:
    data = csv_bytes([DOUYIN | {"商品数量": "-2", "订单提交时间": "x", "主订单编号": ""}])
    assert len(reasons(data)) == batch(data).rows_refused == 1


def test_refused_value_is_masked_and_its_row_is_whole_in_the_vault() -> None:
    made = batch(csv_bytes([DOUYIN | {"商品数量": "13912345678x"}]))
    assert made.quarantine is not None
    assert made.quarantine["value_mask"][0] == "139****5678x"
    assert made.quarantine_vault is not None
    assert "文三路1号2幢301室" in made.quarantine_vault["value"][0]


def test_bytes_that_are_no_text_refuse_their_row() -> None:
    many = [DOUYIN] * 30
    data = csv_bytes([*many, DOUYIN | {"选购商品": "BAD"}]).replace(b"BAD", b"\xff\xfe\xff")
    made = batch(data)
    assert (made.rows_accepted, made.rows_refused) == (30, 1)
    assert reasons(data)[0][2] == "bad_encoding"


def test_totals_are_dropped_and_counted() -> None:
    made = batch(csv_bytes([DOUYIN, dict.fromkeys(DOUYIN, "") | {"主订单编号": "合计", "商品数量": "1"}]))
    assert (made.rows_read, made.rows_accepted, made.rows_totals) == (2, 1, 1)


def test_totals_that_disagree_with_the_rows_are_told() -> None:
    total = dict.fromkeys(DOUYIN, "") | {"主订单编号": "合计"}
    right = batch(csv_bytes([DOUYIN, DOUYIN, total | {"商品数量": "2", "订单应付金额": "73.80"}]))
    wrong = batch(csv_bytes([DOUYIN, DOUYIN, total | {"商品数量": "3", "订单应付金额": "¥73.80"}]))
    assert right.notices == []
    assert wrong.notices == ["the totals row says 3 for quantity, the rows add up to 2"]


def test_unknown_status_is_unknown_and_told_with_its_count() -> None:
    made = batch(csv_bytes([DOUYIN | {"订单状态": "等星星"}] * 2))
    assert rows(made)["status"].to_list() == ["unknown", "unknown"]
    assert rows(made)["status_raw"].to_list() == ["等星星", "等星星"]
    assert any("等星星 (2)" in notice for notice in made.notices)


def test_words_in_a_column_of_numbers_are_told_where_they_are_left_empty() -> None:
    """两个 may mean two: a word that only its contract can call nothing is not dropped in silence."""
    made = batch(csv_bytes([DOUYIN | {"商品数量": "两个"}, DOUYIN]))
    assert rows(made)["quantity"].to_list() == [None, 1]
    assert [notice for notice in made.notices if "quantity" in notice] == [
        "words in quantity that are no numbers, left empty: 两个 (1); if they mean nothing add them to the "
        "contract's null_words, else mend the export"
    ]


def test_missing_required_column_refuses_the_file_and_names_it() -> None:
    lacking = {key: value for key, value in DOUYIN.items() if key != "子订单编号"} | {"子单号": "1"}
    made = batch(csv_bytes([lacking, lacking]))
    assert made.refusal is not None
    assert made.refusal.code == "missing_column"
    assert "子订单编号" in made.refusal.reason
    assert "子单号" in made.refusal.reason
    assert (made.rows_read, made.rows_refused, made.lake) == (2, 2, None)


def test_damaged_ids_refuse_the_file() -> None:
    made = batch(csv_bytes([DOUYIN | {"主订单编号": "6.91793E+18"}] * 3))
    assert made.refusal is not None
    assert (made.refusal.code, made.rows_refused) == ("damaged_ids", 3)


def test_twin_columns_must_agree() -> None:
    header, row = csv_bytes([DOUYIN]).decode("utf-8-sig").splitlines()
    same = batch(f"{header},订单状态\n{row},已发货\n".encode())
    assert same.rows_accepted == 1
    assert any("occurs twice" in notice for notice in same.notices)
    differing = batch(f"{header},订单状态\n{row},已完成\n".encode())
    assert differing.refusal is not None
    assert differing.refusal.code == "duplicate_header"


def test_header_without_rows_is_accepted() -> None:
    made = batch((",".join(DOUYIN) + "\n").encode())
    assert made.refusal is None
    assert made.rows_read == 0
    assert rows(made).height == 0


def test_carried_columns_are_those_the_file_has() -> None:
    made = batch(csv_bytes([DOUYIN]))
    assert {"status", "receiver_town", "channel"} <= set(made.carried)
    assert not {"shipped_at", "seller_remark"} & set(made.carried)


def test_private_headers_of_extras_are_masked_and_whole_in_the_vault() -> None:
    made = batch(csv_bytes([DOUYIN | {"买家支付宝账号": "13700001111", "客服备忘": "电话13800138000"}]))
    extras = json.loads(rows(made)["extras"][0])
    assert extras["买家支付宝账号"] == "1***"
    assert extras["客服备忘"] == "电话138****8000"
    assert made.vault is not None
    whole = made.vault.filter(token=extras["_token"])["value"][0]
    assert json.loads(whole)["客服备忘"] == "电话13800138000"


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("是否修改过地址", "是"),
        ("是否手机订单", "是"),
        ("达人昵称", "是"),
        ("地址修改时段", "是"),
        ("修改后的收货地址", "***"),
        ("实名姓名", "是*"),
        ("用户购买手机号", "***"),
    ],
)
def test_header_tells_whether_its_cells_are_private(header: str, shown: str) -> None:
    extras = json.loads(rows(batch(csv_bytes([DOUYIN | {header: "是"}])))["extras"][0])
    assert extras[header] == shown


def test_own_feed_keeps_payload_as_json_with_personal_values_masked() -> None:
    event = EVENT | {"payload": {"action": "merge", "tel": "13800138000"}, "wave": 7}
    made = batch(json.dumps(event, ensure_ascii=False).encode(), "luyue_order_events")
    row = rows(made).row(0, named=True)
    assert json.loads(row["payload"]) == {"action": "merge", "tel": "138****8000"}
    assert row["payload_token"] is not None
    assert json.loads(row["extras"]) == {"wave": "7"}


def test_types_follow_the_feed() -> None:
    frame = rows(batch(csv_bytes([DOUYIN])))
    assert frame.schema["ordered_at"] == pl.Datetime("us")
    assert frame.schema["quantity"] == pl.Decimal(18, 3)
    assert frame.schema["is_deleted"] == pl.Boolean()
