"""What is particular to each platform's export, on a few rows in its real form."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

import polars as pl
import pytest
from support.ingest_files import batch, csv_bytes, rows

TAOBAO = {
    "订单编号": '="35153131473293579"',
    "总金额": "100.00",
    "买家实际支付金额": "99.00元",
    "订单状态": "买家已付款,等待卖家发货",
    "收货地址 ": "浙江省 杭州市 西湖区 文三路1号",
    "联系手机": "'13925130165",
    "订单创建时间": "2026-01-02 10:00:00",
    "物流单号 ": "No:SF1",
    "退款金额": "无退款申请",
    "订单关闭原因": "订单未关闭",
}
JD = {
    "订单号": "300000000001",
    "商品名称": "茶",
    "订购数量": "1",
    "下单时间": "2026/1/2 8:00",
    "应付金额": "499.00（系统计算中，该值仅供参考）",
    "订单状态": "(删除)等待出库",
    "下单帐号": "jd_1",
    "联系电话": "1******6198",
    "订单出库时间": "2026-01-03 08:00:00",
}
POS = {
    "销售日期": "2026-01-02 10:00",
    "门店名称": "杭州一店",
    "小票号": "0007",
    "物料描述": "茶",
    "销售数量": "2",
    "销售金额": "20.00",
    "会员卡号": "",
}
MOVEMENT = {
    "进出仓单号": "M1",
    "关联单号": "D1",
    "进出仓日期": "2026-01-02 10:00:00",
    "进出仓类型": "销售出仓",
    "商品编码": "A",
    "仓库": "杭州仓",
    "数量": "-2",
}


MOVEMENT_WORDS = {
    "期初": "opening", "采购进仓": "purchase_in", "采购退货": "other", "调拨入": "transfer_in", "调拨出":
    "transfer_out", "加工进仓": "other", "加工出仓": "other", "盘点": "adjust", "销售出仓": "sales_out",
    "销售退货": "sales_return", "其它进仓": "other", "其它出库": "other", "其它退货": "other", "结算":
    "other", "差异": "adjust", }  # fmt: skip


def column(frame: pl.DataFrame, name: str) -> list[object]:
    return frame[name].to_list()


def test_taobao_order_is_of_order_grain_with_order_money() -> None:
    row = rows(batch(csv_bytes([TAOBAO], "gb18030"), "taobao_orders")).row(0, named=True)
    assert row["channel_order_id"] == "35153131473293579"
    assert row["channel_line_id"] is None
    assert (row["paid_amount_cny"], row["paid_share_cny"]) == (Decimal("99.00"), None)
    assert row["status"] == "paid_pending_ship"
    assert row["receiver_phone_mask"] == "139****0165"
    assert row["waybill_no"] == "SF1"


@pytest.mark.parametrize(
    ("reason", "status"),
    [("买家未付款", "closed_unpaid"), ("退款成功", "closed_refunded"), ("其他", "closed"), ("", "closed")],
)
def test_taobao_close_reason_refines_the_state(reason: str, status: str) -> None:
    closed = TAOBAO | {"订单状态": "交易关闭", "订单关闭原因": reason}
    frame = rows(batch(csv_bytes([closed], "gb18030"), "taobao_orders"))
    assert column(frame, "status") == [status]
    if reason:
        assert json.loads(frame["extras"][0])["订单关闭原因"] == reason


def test_taobao_items_of_the_old_list_count_their_lines() -> None:
    item = {
        "订单编号": "7",
        "标题": "茶",
        "价格": "5",
        "购买数量": "1",
        "订单状态": "交易成功",
        "商家编码": "A",
    }
    frame = rows(batch(csv_bytes([item, item | {"订单编号": "8"}, item], "gb18030"), "taobao_items"))
    assert column(frame, "channel_line_id") == ["7-1", "8-1", "7-2"]


def test_jd_prefix_repeated_money_and_ordinals() -> None:
    frame = rows(batch(csv_bytes([JD, JD | {"订单状态": "完成"}], "gb18030"), "jd_orders"))
    assert column(frame, "channel_line_id") == ["300000000001-1", "300000000001-2"]
    assert column(frame, "status") == ["paid_pending_ship", "completed"]
    assert column(frame, "is_deleted") == [True, False]
    assert column(frame, "paid_amount_cny") == [Decimal("499.00")] * 2
    assert column(frame, "shipped_at")[0] == datetime(2026, 1, 3, 8)
    assert column(frame, "receiver_phone_mask")[0] == "1******6198"


@pytest.mark.parametrize(("after_header", "after_row"), [(",", ","), ("", ","), (",", ""), ("", "")])
def test_jd_legacy_commas_at_line_ends_are_no_cells(after_header: str, after_row: str) -> None:
    cells = '"' + '","'.join(JD.values()) + '"'
    text = f"{','.join(JD)}{after_header}\r\n" + f"{cells}{after_row}\r\n" * 2
    made = batch(text.encode("gb18030"), "jd_orders")
    assert (made.rows_read, made.rows_accepted, made.notices) == (2, 2, [])


def test_refused_line_keeps_its_ordinal() -> None:
    made = batch(csv_bytes([JD, JD | {"订购数量": "-1"}, JD], "gb18030"), "jd_orders")
    assert column(rows(made), "channel_line_id") == ["300000000001-1", "300000000001-3"]


def test_receipt_number_is_made_unique_by_store_and_day() -> None:
    total = dict.fromkeys(POS, "") | {"销售日期": "合计", "销售数量": "4"}
    made = batch(csv_bytes([POS, POS, POS | {"门店名称": "杭州二店"}, total], "gb18030"), "pos_receipts")
    frame = rows(made)
    assert column(frame, "channel_order_id") == ["杭州一店-20260102-0007"] * 2 + ["杭州二店-20260102-0007"]
    assert column(frame, "channel_line_id")[1] == "杭州一店-20260102-0007-2"
    assert column(frame, "status") == ["completed"] * 3
    assert column(frame, "paid_at") == [datetime(2026, 1, 2, 10)] * 3
    assert made.rows_totals == 1


def test_movement_lines_are_numbered_within_document_warehouse_and_sku() -> None:
    frame = rows(batch(csv_bytes([MOVEMENT, MOVEMENT, MOVEMENT | {"商品编码": "B"}]), "jst_stock_movements"))
    assert column(frame, "line_no") == ["A#1", "A#2", "B#1"]
    assert column(frame, "quantity") == [Decimal(-2)] * 3
    assert column(frame, "movement_type") == ["sales_out"] * 3


def test_stock_snapshot_takes_its_time_from_the_file_name() -> None:
    count = {
        "商品编码": "A",
        "主仓实际库存数": "-3",
        "采购在途数": "2",
        "调拨在途数": "3",
        "仓储方": "杭州仓",
    }
    row = rows(batch(csv_bytes([count]), "jst_stock_counts")).row(0, named=True)
    assert (row["counted_at"], row["count_type"]) == (datetime(2026, 1, 5, 9), "system")
    assert (row["on_hand_qty"], row["in_transit_qty"]) == (Decimal(-3), Decimal(5))


@pytest.mark.parametrize(
    "name", ["库存_WH-1_20260105090000.xls", "库存_WH-1.xlsx", "库存_WH-1_20260105 (1).xls"]
)
def test_snapshot_of_one_warehouse_a_file_takes_it_from_the_name(name: str) -> None:
    count = {"商家编码": "A", "库存": "5", "同步时间": "任意时间"}
    made = batch(csv_bytes([count]), "wdt_stock_counts", name)
    row = rows(made).row(0, named=True)
    assert (row["warehouse_code"], row["counted_at"]) == ("WH-1", datetime(2026, 1, 5, 9))


def test_waybill_state_stands_for_the_newest_scan_that_has_none() -> None:
    scans = [
        {"ftime": "2026-01-02 10:00:00", "context": "派件员 李四 13800138000"},
        {"ftime": "2026-01-01 10:00:00", "context": "已揽收", "status": "揽收", "areaCode": "330100"},
    ]
    document = [{"nu": "SF1", "com": "shunfeng", "state": "3", "data": scans}, {"nu": "SF2", "data": []}]
    frame = rows(batch(json.dumps(document, ensure_ascii=False).encode(), "kuaidi100_tracks", "t.json"))
    assert column(frame, "node") == ["signed", "picked_up"]
    assert column(frame, "waybill_no") == ["SF1", "SF1"]
    assert "13800138000" not in str(column(frame, "description"))
    assert json.loads(frame["extras"][1])["data[].areaCode"] == "330100"


@pytest.mark.parametrize(("status", "paid"), [("待发货", True), ("待付款", False)])
def test_pinduoduo_without_payment_time_takes_the_deal_time(status: str, paid: bool) -> None:
    order = {
        "订单成交时间": "2026-01-02 10:00:00\t",
        "订单号": "260102-123456789012345",
        "订单状态": status,
        "商品数量(件)": "1\t",
        "用户实付金额(元)": "168.99\t",
        "店铺优惠折扣(元)": "1",
        "平台优惠折扣(元)": "2",
    }
    row = rows(batch(csv_bytes([order]), "pinduoduo_orders")).row(0, named=True)
    assert row["paid_at"] == (datetime(2026, 1, 2, 10) if paid else None)
    assert (row["paid_amount_cny"], row["discount_cny"]) == (Decimal("168.99"), Decimal("3.00"))


@pytest.mark.parametrize(("direction", "amount"), [("入账", "5.00"), ("出账", "-5.00")])
def test_fund_entries_are_signed_by_their_direction(direction: str, amount: str) -> None:
    entry = {"动账时间": "2026-01-02 10:00:00", "动帐流水号": "'9", "动账方向": direction, "动账金额": "5"}
    row = rows(batch(csv_bytes([entry]), "douyin_fund_entries")).row(0, named=True)
    assert (row["entry_id"], row["amount_cny"]) == ("9", Decimal(amount))


def test_carrier_and_waybill_of_one_cell_are_parted() -> None:
    order = {
        "主订单编号": "691793000000000123",
        "子订单编号": "691793000000000124",
        "订单状态": "已发货",
        "订单提交时间": "2026-01-02 10:00:00",
        "快递信息": "中通快递-7512345",
    }
    row = rows(batch(csv_bytes([order]))).row(0, named=True)
    assert (row["carrier"], row["waybill_no"]) == ("中通快递", "7512345")


@pytest.mark.parametrize(("word", "kind"), MOVEMENT_WORDS.items())
def test_every_movement_word_is_known_and_leaves_the_sign(word: str, kind: str) -> None:
    """The direction is the quantity's own: an outbound one is negative already."""
    made = batch(csv_bytes([MOVEMENT | {"进出仓类型": word}]), "jst_stock_movements")
    row = rows(made).row(0, named=True)
    assert (row["movement_type"], row["quantity"]) == (kind, Decimal(-2))
    assert not any("unknown" in notice for notice in made.notices)
