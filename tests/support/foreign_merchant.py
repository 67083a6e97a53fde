"""A merchant that shares nothing with the simulated one: orders at the edges of the rules, as the platforms
and the merchant's own systems export them, twice. What its figures must be stands in foreign_figures.py."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

EARLIER, AS_OF = datetime(2026, 3, 12, 6), datetime(2026, 3, 20, 8)
START = datetime(2026, 3, 2)
CHANNELS = ("douyin", "jd", "taobao", "app", "wechat_mini", "pos")
OVER = ("cancelled", "closed_refunded")
Row = dict[str, Any]


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def second(count: int) -> timedelta:
    return timedelta(seconds=count)


@dataclass
class Order:
    """An order as it truly went; the same times are exported as far as they have come."""

    channel: str
    order_id: str
    person: int
    paid_at: datetime
    promised_ship_at: datetime | None = None
    promised_delivery_at: datetime | None = None
    shipped_at: datetime | None = None
    waybill: str | None = None
    nodes: list[tuple[datetime, str]] = field(default_factory=list)
    over: str | None = None
    over_at: datetime | None = None

    @property
    def key(self) -> Row:
        return {"channel": self.channel, "channel_order_id": self.order_id}

    def status(self, at: datetime) -> str:
        if self.channel == "pos":
            return "completed"
        if self.over and self.over_at and self.over_at <= at:
            return self.over
        return "shipped" if self.shipped_at and self.shipped_at <= at else "paid_pending_ship"


@dataclass
class Merchant:
    """Orders, and the rows of the feeds that speak of them."""

    orders: list[Order] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    changes: list[Row] = field(default_factory=list)
    offers: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


def made(seed: int, orders: int) -> Merchant:
    """A merchant of a seed: people of one order, and people whose orders of two channels meet at one door."""
    chance, merchant = Random(seed), Merchant()
    for number in range(orders):
        paid = START + second(chance.randrange(60, 16 * 86_400))
        merchant.orders.append(_order(chance, merchant, number, chance.choice(CHANNELS), paid))
    for person in range(orders, orders + 40):
        _group(chance, merchant, person)
    for order in merchant.orders:
        _around(chance, merchant, order)
    return merchant


def _order(chance: Random, merchant: Merchant, person: int, channel: str, paid_at: datetime) -> Order:
    order = Order(
        channel, f"{channel[:2].upper()}{69_000_000_001 + len(merchant.orders) * 7}", person, paid_at
    )
    if channel == "pos":
        return order
    promise = chance.choice([24, 48, 72, None])
    if promise and channel != "taobao":
        order.promised_ship_at = paid_at + hours(promise)
    if channel == "app" and chance.random() < 0.5:
        order.promised_delivery_at = paid_at + hours(96)
    due = order.promised_ship_at or paid_at + hours(48)
    if chance.random() < 0.15:
        order.over = chance.choice(OVER) if channel in ("app", "wechat_mini") else "cancelled"
        order.over_at = due + chance.choice([-hours(5), -second(1), second(0), second(1), hours(3)])
    if order.over is None or chance.random() < 0.1:
        late = [second(0), second(1), hours(2), hours(2) + second(1), -second(1), hours(9)]
        order.shipped_at = due + (
            chance.choice(late) if chance.random() < 0.4 else -hours(chance.uniform(1, 20))
        )
        order.shipped_at = order.shipped_at.replace(microsecond=0)
    if order.over_at and order.shipped_at and order.shipped_at >= order.over_at:
        order.shipped_at = None
    if order.shipped_at and channel != "jd":
        order.waybill = f"YT{10_000_000 + len(merchant.orders)}"
        order.nodes = _nodes(chance, order)
    return order


def _nodes(chance: Random, order: Order) -> list[tuple[datetime, str]]:
    assert order.shipped_at
    at = order.shipped_at + chance.choice([hours(3), hours(24), hours(24) + second(1), hours(30)])
    nodes = [(at, "picked_up")]
    for node in ("in_transit", "out_for_delivery"):
        at += chance.choice([hours(7), hours(20), hours(48), hours(48) + second(1), hours(49)])
        nodes.append((at, node))
    if order.promised_delivery_at and order.promised_delivery_at > at:
        at = order.promised_delivery_at + chance.choice([-second(1), second(0), second(1)])
    else:
        at += hours(2)
    return [*nodes, (at, chance.choice(["signed", "signed_by_other", "locker"]))]


def _group(chance: Random, merchant: Merchant, person: int) -> None:
    """Two or three orders of one person to one door; merged by a waybill, by events, half, or not at all."""
    paid = START + second(chance.randrange(60, 9 * 86_400))
    how = chance.choice(["waybill", "events", "some", "none", "left before"])
    members: list[Order] = []
    for channel in chance.sample(CHANNELS[:5], chance.choice([2, 2, 3])):
        order = Order(channel, f"G{person}{channel}", person, paid, shipped_at=paid + hours(96))
        if how == "waybill" and channel != "jd":
            order.waybill = f"MG{person}"
        members.append(order)
        paid += chance.choice([hours(1), hours(24), hours(24) + second(1)])
    if how == "left before":
        members[0].shipped_at = members[1].paid_at - second(chance.choice([0, 1]))
    named = members[:-1] if how == "some" else members
    if how in ("events", "some", "left before"):
        payload = {"action": "merge", "orders": [order.key for order in named]}
        merchant.events += [
            _event(f"m{person}-{n}", order, "order_split_merged", paid, payload)
            for n, order in enumerate(named)
        ]
    merchant.orders += members


def _event(name: str, order: Order, code: str, at: datetime, payload: Row) -> Row:
    times = {"occurred_at": at, "received_at": at + second(5)}
    return {"event_id": name, **order.key, "event_code": code, **times, "payload": json.dumps(payload)}


def _around(chance: Random, merchant: Merchant, order: Order) -> None:
    """Cases, changes and offers that speak of an order, at the edges of their hours."""
    at, edge = (
        order.paid_at + hours(chance.choice([1, 30])),
        chance.choice([-second(1), second(0), second(1)]),
    )
    name = order.order_id
    if chance.random() < 0.25:
        ended = chance.choice([None, at + hours(2) + edge, at + hours(1)])
        code = chance.choice(["ship_overdue", "delivery_exception", "stock_out_reported"])
        merchant.cases.append(
            {"case_id": f"c{name}", **order.key, "event_code": code, "detected_at": at, "resolved_at": ended}
        )
    if chance.random() < 0.25:
        asked = min(at, AS_OF - hours(24) - edge) if chance.random() < 0.2 else at
        outcome = chance.choice(["succeeded", "failed", "rejected", "withdrawn", None])
        people = chance.choice(["customer", "customer", "agent"])
        times = {"requested_at": asked, "decided_at": asked + hours(30) if outcome else None}
        kind = {"request_type": "expedite", "initiator": people, "outcome": outcome}
        merchant.changes.append({"request_id": f"r{name}", **order.key, **kind, **times})
    if chance.random() < 0.3:
        ends = AS_OF + edge if chance.random() < 0.3 else at + hours(4)
        answer = chance.choice(["accepted", "declined", None])
        times = {"offered_at": at, "expires_at": ends, "responded_at": at + hours(5) if answer else None}
        merchant.offers.append({"offer_id": f"o{name}", **order.key, "response": answer, **times})


def land(merchant: Merchant, landing: Path) -> None:
    """Writes everything that was exported at the two times."""
    for at in (EARLIER, AS_OF):
        told = [order for order in merchant.orders if order.paid_at <= at]
        stamp = f"{at:%Y%m%d%H%M%S}"
        own = [order for order in told if order.channel in ("app", "wechat_mini", "pos")]
        _parquet(landing / "luyue_orders" / f"orders_{stamp}.parquet", [_own(order, at) for order in own])
        rows = [_douyin(order, at) for order in told if order.channel == "douyin"]
        _csv(landing / "douyin_orders" / f"{int(at.timestamp()) - 28_800}_ab.csv", rows, "utf-8-sig")
        rows = [_jd(order, at) for order in told if order.channel == "jd"]
        _csv(landing / "jd_orders" / f"订单列表_{stamp}.csv", rows, "gb18030")
        rows = [_taobao(order, at) for order in told if order.channel == "taobao"]
        _csv(landing / "taobao_orders" / f"ExportOrderList{stamp}.csv", rows, "gb18030")
        nodes = [
            {"waybill_no": order.waybill, "node_at": when, "node": node, "node_raw": node, "carrier": "yto"}
            for order in told
            for when, node in order.nodes
            if when <= at
        ]
        _parquet(landing / "luyue_tracks" / f"tracks_{stamp}.parquet", nodes)
    people = sorted({order.person for order in merchant.orders})
    feeds = {
        "anomaly_cases": merchant.cases,
        "change_requests": merchant.changes,
        "sla_offers": merchant.offers,
        "order_events": merchant.events,
        "customer_records": [record for person in people for record in _records(person)],
    }
    for feed, told_rows in feeds.items():
        _parquet(landing / f"luyue_{feed}" / f"{feed}_{AS_OF:%Y%m%d%H%M%S}.parquet", told_rows)


def _records(person: int) -> list[Row]:
    known = {"unionid": f"oU{person:06d}", "phone": _phone(person), "name": _name(person)}
    accounts = [("jd", f"jd{person}"), ("taobao", f"tb{person}"), ("app", f"app{person}")]
    accounts.append(("wechat_mini", f"wechat_mini{person}"))
    return [
        {"source_record_id": f"{channel}{person}", "channel": channel, "buyer_account": account, **known}
        for channel, account in accounts
    ]


def _phone(person: int) -> str:
    return f"137{(person * 7_919 + 13) % 100_000_000:08d}"


def _name(person: int) -> str:
    first, second_, third = "赵钱孙李周吴郑王冯陈", "伟芳娜敏静丽强磊洋艳", "子雨梓佳思晓文志建国"
    return first[person % 10] + second_[person // 10 % 10] + third[(person // 100 + person) % 10]


def _home(person: int) -> str:
    return f"文三路{person % 200 + 1}号{person % 30 + 1}幢{person % 4 + 1}单元{person + 101}室"


def _own(order: Order, at: datetime) -> Row:
    place = {"receiver_province": "浙江省", "receiver_city": "杭州市", "receiver_district": "西湖区"}
    who = {"receiver_name": _name(order.person), "receiver_phone": _phone(order.person)}
    left = _by(order.shipped_at, at)
    return {
        **order.key, "channel_line_id": f"{order.order_id}-1", "status": order.status(at), "quantity": 1,
        "paid_amount_cny": 10.5, "buyer_account": f"{order.channel}{order.person}", **who, **place,
        "receiver_address": _home(order.person), "ordered_at": order.paid_at, "paid_at": order.paid_at,
        "promised_ship_at": order.promised_ship_at, "promised_delivery_at": order.promised_delivery_at,
        "shipped_at": left, "waybill_no": order.waybill if left else None,
        "closed_at": _by(order.over_at, at),
    }  # fmt: skip


def _douyin(order: Order, at: datetime) -> Row:
    words = {"paid_pending_ship": "待发货", "shipped": "已发货", "cancelled": "已关闭"}
    left = _by(order.shipped_at, at)
    return {
        "主订单编号": f"\t{order.order_id}", "子订单编号": f"\t{order.order_id}0", "商品数量": "1",
        "订单应付金额": "10.50", "收件人": _name(order.person), "收件人手机号": _phone(order.person),
        "省": "浙江省", "市": "杭州市", "区": "西湖区", "街道": "-", "详细地址": _home(order.person),
        "订单提交时间": order.paid_at, "支付完成时间": order.paid_at, "订单状态": words[order.status(at)],
        "承诺发货时间": order.promised_ship_at or "-", "发货时间": left or "-",
        "快递信息": f"圆通-{order.waybill}" if left and order.waybill else "-",
    }  # fmt: skip


def _jd(order: Order, at: datetime) -> Row:
    words = {"paid_pending_ship": "等待出库", "shipped": "等待确认收货", "cancelled": "(删除)取消"}
    return {
        "订单号": order.order_id, "订购数量": "1", "下单时间": order.paid_at, "付款确认时间": order.paid_at,
        "应付金额": "10.50（系统计算中，该值仅供参考）", "订单状态": words[order.status(at)],
        "下单帐号": f"jd{order.person}", "客户姓名": _name(order.person), "联系电话": _phone(order.person),
        "客户地址": f"浙江省杭州市西湖区{_home(order.person)}", "承诺发货时间": order.promised_ship_at,
        "订单出库时间": _by(order.shipped_at, at),
    }  # fmt: skip


def _taobao(order: Order, at: datetime) -> Row:
    words = {"paid_pending_ship": "买家已付款，等待卖家发货", "shipped": "卖家已发货,等待买家确认"}
    left, over = _by(order.shipped_at, at), order.status(at) == "cancelled"
    return {
        "订单编号": f'="{order.order_id}"', "买家会员名": f"tb{order.person}", "买家实际支付金额": "10.5元",
        "订单状态": "交易关闭" if over else words[order.status(at)], "订单关闭原因": "退款" if over else "",
        "收货人姓名": _name(order.person), "收货地址 ": f"浙江省 杭州市 西湖区 {_home(order.person)}",
        "联系手机": f"'{_phone(order.person)}", "订单创建时间": order.paid_at, "订单付款时间 ": order.paid_at,
        "物流单号 ": order.waybill if left else None, "发货时间": left,
    }  # fmt: skip


def _by(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment and moment <= at else None


def _parquet(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(path)


def _csv(path: Path, rows: list[Row], encoding: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
