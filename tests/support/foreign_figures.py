"""What the five parts of the index must be for a foreign merchant, from their definition alone: plain Python
over the true orders, no SQL and nothing of the project."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from support.foreign_merchant import AS_OF, EARLIER, Merchant, Order, Row, hours

SIGNED, ENDS = ("signed", "signed_by_other"), ("signed", "signed_by_other", "locker")
Member = tuple[str, date, frozenset[str], bool]
"""One of a part's population: the part, its day, the channels it counts for, whether it succeeds."""
Noticed = tuple[str, str, str, datetime, datetime | None, bool]


def over_at(order: Order) -> datetime | None:
    """The closing column where there is one, else the first export that shows the state."""
    if order.over_at is None or order.over_at > AS_OF:
        return None
    if order.channel in ("app", "wechat_mini"):
        return order.over_at
    return EARLIER if order.over_at <= EARLIER and order.paid_at <= EARLIER else AS_OF


def promise(order: Order) -> tuple[datetime, datetime | None]:
    """When an order's promise falls due and when it was met."""
    if order.promised_delivery_at:
        signed = [at for at, node in order.nodes if node in SIGNED]
        return order.promised_delivery_at, _known(min(signed, default=None))
    return ship_due(order), _known(order.shipped_at)


def ship_due(order: Order) -> datetime:
    return order.promised_ship_at or order.paid_at + hours(48)


def on_time(order: Order) -> bool | None:
    """None where the order is not in the population."""
    due, met = promise(order)
    ended = over_at(order)
    if order.channel == "pos" or due > AS_OF or (ended and ended < due):
        return None
    return met is not None and met <= due


def anomalies(merchant: Merchant) -> list[Noticed]:
    """Channel, order, code, detection, end, whether the warehouse noticed it itself."""
    cases = [case for case in merchant.cases if case["detected_at"] <= AS_OF]
    found: list[Noticed] = [
        (case["channel"], case["channel_order_id"], case["event_code"], case["detected_at"],
         _known(case["resolved_at"]), False)
        for case in cases
    ]  # fmt: skip
    told = {one[:3] for one in found}
    for order in merchant.orders:
        ended = over_at(order)
        for code, at, end in _noticed(order):
            name = (order.channel, order.order_id, code)
            if at < AS_OF and not (ended and ended <= at) and name not in told:
                ends = [moment for moment in (_known(end), ended) if moment]
                found.append((*name, at, min(ends, default=None), True))
    return found


def _noticed(order: Order) -> Iterator[tuple[str, datetime, datetime | None]]:
    if order.channel == "pos":
        return
    left = _known(order.shipped_at)
    if left is None or left > ship_due(order):
        yield "ship_overdue", ship_due(order), left
    seen = [at for at, _ in order.nodes if at <= AS_OF]
    if left and order.waybill and (not seen or seen[0] > left + hours(24)):
        yield "pickup_timeout", left + hours(24), min(seen, default=None)
    following = [*(at for at, _ in order.nodes), None][1:]
    for (at, node), after in zip(order.nodes, following, strict=True):
        if at <= AS_OF and node not in ENDS and (after is None or after > at + hours(48)):
            yield "transit_stalled", at + hours(48), after
            return


def population(merchant: Merchant) -> Iterator[Member]:
    """Everything that any of the five parts counts."""
    for order in merchant.orders:
        kept = on_time(order)
        if kept is not None:
            yield "on_time_fulfilment_rate", promise(order)[0].date(), frozenset({order.channel}), kept
    for channel, _, _, at, end, _ in anomalies(merchant):
        if at + hours(2) <= AS_OF:
            done = end is not None and end <= at + hours(2)
            yield "anomaly_resolved_2h_rate", at.date(), frozenset({channel}), done
    yield from _asked(merchant)
    for group in groups(merchant.orders):
        channels = frozenset(order.channel for order in group)
        whole = merged(group, merchant.events)
        for _ in group if len(channels) > 1 else ():
            yield "cross_channel_merge_rate", group[0].paid_at.date(), channels, whole


def _asked(merchant: Merchant) -> Iterator[Member]:
    for change in merchant.changes:
        at, decided = change["requested_at"], _known(change["decided_at"])
        outcome = change["outcome"] if decided else None
        if (
            change["initiator"] == "customer"
            and outcome != "withdrawn"
            and (decided or at + hours(24) <= AS_OF)
        ):
            yield "change_success_rate", at.date(), frozenset({change["channel"]}), outcome == "succeeded"
    for offer in merchant.offers:
        answer = offer["response"] if _known(offer["responded_at"]) else None
        if offer["offered_at"] <= AS_OF and (answer or offer["expires_at"] <= AS_OF):
            day = offer["offered_at"].date()
            yield "sla_acceptance_rate", day, frozenset({offer["channel"]}), answer == "accepted"


def groups(orders: list[Order]) -> list[list[Order]]:
    """Orders of one person (each has one door) that could have gone out together."""
    found: list[list[Order]] = []
    by_person: defaultdict[int, list[Order]] = defaultdict(list)
    for order in sorted(orders, key=lambda order: order.paid_at):
        if order.channel != "pos":
            by_person[order.person].append(order)
    for theirs in by_person.values():
        opened: list[Order] = []
        for order in theirs:
            left = any(one.shipped_at and one.shipped_at < order.paid_at for one in opened)
            if not opened or left or order.paid_at - opened[-1].paid_at > hours(24):
                opened = []
                found.append(opened)
            opened.append(order)
    return found


def merged(group: list[Order], events: list[Row]) -> bool:
    """One waybill on all, or an event on every order that names all."""
    left = [order.waybill for order in group if order.shipped_at and order.shipped_at <= AS_OF]
    if len(left) == len(group) and left[0] and len(set(left)) == 1:
        return True
    wanted = {(order.channel, order.order_id) for order in group}
    named = defaultdict(list)
    for event in events:
        orders = json.loads(event["payload"])["orders"]
        named[event["channel"], event["channel_order_id"]].append(
            {(order["channel"], order["channel_order_id"]) for order in orders}
        )
    return all(any(wanted <= names for names in named[order]) for order in wanted)


def counts(merchant: Merchant) -> dict[tuple[str, date | None, str, str], tuple[int, int]]:
    """Numerator and denominator by period, its start (None of the total), channel and part."""
    right: Counter[Any] = Counter()
    asked: Counter[Any] = Counter()
    for part, day, channels, success in population(merchant):
        starts = {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}
        for period, start in [*starts.items(), ("total", None)]:
            for channel in ("all", *channels):
                asked[period, start, channel, part] += 1
                right[period, start, channel, part] += success
    return {key: (right[key], asked[key]) for key in asked}


def _known(moment: datetime | None) -> datetime | None:
    """What had happened at the cut-off."""
    return moment if moment and moment <= AS_OF else None
