"""One order: what it is, and all that happened to it in the order of time."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from app.queries.reader import read, read_order

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

_HEAD = """
select channel, channel_order_id, status, is_cancelled, paid_amount_cny::double as paid_amount_cny, paid_at,
    promise_kind, promise_due_at, promise_met_at, is_on_time, carrier, waybill_no, warehouse_code,
    receiver_name_mask, receiver_phone_mask, contract_id, delivery_method,
from marts.fct_orders
where channel_order_id = $order and ($channel = '' or channel = $channel)
order by channel
"""

_TIMELINE = """
select occurred_at as at, 'event' as kind, event_code as code, null as outcome, is_derived
from marts.fct_order_events
where channel = $channel and channel_order_id = $order
union all
select resolved_at, 'solved', event_code, resolution, is_derived
from marts.fct_anomalies
where channel = $channel and channel_order_id = $order and resolved_at is not null
union all
select requested_at, 'request', request_type, null, false
from marts.fct_change_requests
where channel = $channel and channel_order_id = $order
union all
select decided_at, 'decided', request_type, outcome, false
from marts.fct_change_requests
where channel = $channel and channel_order_id = $order and decided_at is not null
order by 1 nulls last, 2, 3
"""

_LINES = """
select channel_line_id, sku_code, product_name, spec, quantity, status, shipped_at, carrier, waybill_no,
from marts.fct_order_lines
where channel = $channel and channel_order_id = $order
order by channel_line_id
"""


def heads(version: Version, channel: str, order: str) -> list[dict[str, Any]]:
    """The orders of this number; of one channel, or of all where it is empty."""
    return read_order(version, _HEAD, channel, order).to_dicts()


def timeline(version: Version, channel: str, order: str) -> pl.DataFrame:
    """at, kind (event, solved, request, decided), code, outcome, is_derived; the oldest first."""
    return read_order(version, _TIMELINE, channel, order)


def lines(version: Version, channel: str, order: str) -> pl.DataFrame:
    """The order's lines."""
    return read_order(version, _LINES, channel, order)


def visible(version: Version, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the orders (channel, number) that the reader may see."""
    sql = """select distinct channel, channel_order_id from marts.fct_orders
where list_contains($numbers, channel_order_id)"""
    numbers = tuple(sorted({number for _, number in keys}))
    return set(keys) & set(read(version, sql, numbers=numbers).iter_rows()) if keys else set()
