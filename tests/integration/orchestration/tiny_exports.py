"""A landing folder that is read in a second: sixty orders of three channels, a bad row, an empty file."""

from __future__ import annotations

import csv
from pathlib import Path

CHANNELS = ("wechat_mini", "app", "kuaishou")
ORDERS = 60


def write(landing: Path) -> None:
    """Writes luyue_orders: ORDERS good rows, one of a negative quantity, and a file without a byte."""
    folder = landing / "luyue_orders"
    folder.mkdir(parents=True)
    rows = [_order(number) for number in range(ORDERS)]
    rows.append(_order(ORDERS) | {"quantity": "-3"})
    with (folder / "luyue_orders_20260201080000.csv").open("w", newline="", encoding="utf-8") as sink:
        writer = csv.DictWriter(sink, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    (folder / "luyue_orders_20260201090000.csv").touch()


def _order(number: int) -> dict[str, str]:
    day, buyer = number % 28 + 1, number % 20
    return {
        "channel": CHANNELS[number % 3],
        "shop_id": "S1",
        "channel_order_id": f"O{number:05d}",
        "channel_line_id": f"O{number:05d}-1",
        "status": "completed",
        "quantity": "1",
        "unit_price_cny": "10.00",
        "line_amount_cny": "10.00",
        "paid_amount_cny": "10.00",
        "buyer_account": f"buyer{buyer}",
        "receiver_name": "王小明",
        "receiver_phone": f"138{buyer:08d}",
        "receiver_province": "浙江省",
        "receiver_city": "杭州市",
        "receiver_district": "西湖区",
        "receiver_address": f"文三路{buyer + 1}号3幢2单元501室",
        "ordered_at": f"2026-01-{day:02d} 10:00:00",
        "paid_at": f"2026-01-{day:02d} 10:05:00",
        "promised_ship_at": f"2026-01-{day:02d} 22:05:00",
        "shipped_at": f"2026-01-{day:02d} 19:00:00",
        "清关状态": "无",
    }
