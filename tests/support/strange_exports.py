"""Exports of channels that do not exist, as their platforms might write them: for drafting contracts.

Three of them: CSV in GB18030 with English headers, XLSX with Chinese headers below a title row, JSON lines.
Every person and number is invented.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

NAMES = ("王小明", "李小红", "张大力", "陈静", "刘洋", "赵一鸣")
PLACES = (
    ("浙江省", "杭州市", "西湖区", "文三路{}号2幢301室"),
    ("广东省", "深圳市", "南山区", "科技园路{}号B座1202室"),
    ("四川省", "成都市", "武侯区", "天府大道{}号3栋2单元501室"),
)
START = datetime(2026, 3, 1, 9, 0)


def island_mall(orders: int = 60) -> bytes:
    """`island_mall`: CSV, GB18030, English headers, a line per item; the paid amount repeats on the lines."""
    headers = [
        "Order No.",
        "Item ID",
        "Order Status",
        "Product Name",
        "SKU",
        "Qty",
        "Unit Price",
        "Amount Paid",
        "Shipping Fee",
        "Buyer ID",
        "Recipient",
        "Mobile",
        "Province",
        "City",
        "District",
        "Address",
        "Created At",
        "Paid At",
        "Ship By",
        "Shipped At",
        "Delivered At",
        "Courier",
        "Tracking No.",
        "Gift Card Text",
        "Loyalty Points",
    ]
    rows = []
    for n in range(orders):
        for line in range(1 + n % 2):
            person, (province, city, district, street), ordered = _who(n)
            paid = "N/A" if n % 15 == 14 else _at(ordered, minutes=3)
            shipped = _at(ordered, hours=20) if n % 5 else "N/A"
            rows.append(
                [
                    f"IM{20260301000000 + n}",
                    f"IM{20260301000000 + n}-{line + 1}",
                    _pick(n, ("Delivered", "Shipped", "Paid")),
                    "陶瓷杯",
                    f"CUP-{n % 7}",
                    str(1 + line),
                    "39.90",
                    f"{39.9 * (1 + n % 2):.2f}",
                    "0.00",
                    f"buyer{n % 20}",
                    person,
                    f"1391234{5000 + n % 40:04}",
                    province,
                    city,
                    district,
                    street.format(n % 30 + 1),
                    _at(ordered),
                    paid,
                    _at(ordered, hours=48),
                    shipped,
                    _at(ordered, hours=60) if n % 3 == 0 else "N/A",
                    "SF Express",
                    f"SF{1000000000 + n}",
                    f"祝{person}生日快乐 1380000{1000 + n}",
                    str(n),
                ]
            )
    return _csv([headers, *rows]).encode("gb18030")


def field_fresh(orders: int = 50) -> bytes:
    """`field_fresh`: XLSX, Chinese headers on the third row, below a title; an order a row, a totals row."""
    import xlsxwriter

    headers = [
        "订单编号",
        "订单状态",
        "商品标题",
        "规格型号",
        "购买数量",
        "订单总额(元)",
        "实付款(元)",
        "配送费",
        "收货人",
        "联系电话",
        "收货地址",
        "下单时间",
        "支付时间",
        "承诺送达时间",
        "发货时间",
        "签收时间",
        "物流公司",
        "运单号",
        "买家留言",
        "团长",
        "冷链温区",
    ]
    rows = []
    for n in range(orders):
        person, place, ordered = _who(n)
        rows.append(
            [
                f"FF{90000000000 + n}",
                _pick(n, ("已签收", "待发货", "配送中", "拣货中")),
                "冰鲜三文鱼",
                "500g",
                "1",
                "128.00",
                "118.00",
                "10.00",
                person,
                f"1371234{5000 + n:04}",
                "".join(place[:3]) + place[3].format(n + 1),
                _at(ordered),
                _at(ordered, minutes=1),
                _at(ordered, hours=24),
                _at(ordered, hours=6),
                _at(ordered, hours=20 + n % 8) if n % 4 == 0 else "",
                "京东物流",
                f"JDV{5000000000 + n}",
                "放门口",
                _pick(n, NAMES),
                "-18℃",
            ]
        )
    total = ["合计", *[""] * 5, f"{118 * orders:.2f}", *[""] * (len(headers) - 7)]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("订单明细")
        for number, row in enumerate([["田野鲜生 订单导出"], [], headers, *rows, total]):
            sheet.write_row(number, 0, [str(cell) for cell in row])
    return buffer.getvalue()


def night_bazaar(orders: int = 40) -> bytes:
    """`night_bazaar`: JSON lines, UTF-8, English keys in snake case, times with a zone."""
    lines = []
    for n in range(orders):
        person, (province, city, district, street), ordered = _who(n)
        order = {
            "order_sn": f"NB{777000000000 + n}",
            "order_state": _pick(n, ("delivered", "to ship", "cancelled")),
            "product_name": "香薰蜡烛",
            "sku_code": f"NB-{n % 5}",
            "num": 2,
            "item_price": 25.5,
            "pay_amount": 51.0,
            "member_id": f"m{n % 9}",
            "consignee": person,
            "phone": f"1361234{5000 + n:04}",
            "province": province,
            "city": city,
            "district": district,
            "address": street.format(n + 1),
            "create_time": f"{ordered:%Y-%m-%dT%H:%M:%S}+08:00",
            "pay_time": f"{ordered:%Y-%m-%dT%H:%M:%S}+08:00",
            "ship_time": f"{ordered + timedelta(hours=30):%Y-%m-%dT%H:%M:%S}+08:00" if n % 3 == 0 else None,
            "delivery_time": f"{ordered + timedelta(hours=60):%Y-%m-%dT%H:%M:%S}+08:00"
            if n % 3 == 0
            else None,
            "tracking_no": f"YT{8000000000 + n}",
            "express": "圆通速递",
            "referrer": f"friend{n}@example.com",
        }
        lines.append(json.dumps(order, ensure_ascii=False))
    return ("\n".join(lines) + "\n").encode()


def _who(n: int) -> tuple[str, tuple[str, str, str, str], datetime]:
    return NAMES[n % len(NAMES)], PLACES[n % len(PLACES)], START + timedelta(hours=7 * n)


def _pick(n: int, words: Sequence[str]) -> str:
    return words[n % len(words)]


def _at(moment: datetime, **later: int) -> str:
    return f"{moment + timedelta(**later):%Y-%m-%d %H:%M:%S}"


def _csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()
