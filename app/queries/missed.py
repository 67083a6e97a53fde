"""The orders behind a part: those of a period that missed. Only for parts whose facts the file carries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.queries.reader import read

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

_WINDOW = """
    and ($channel = 'all' or channel = $channel)
    and (
        $period = 'total'
        or ({at} >= $start and {at} < $start::date + case $period
            when 'day' then interval 1 day
            when 'week' then interval 7 day
            else interval 1 month
        end)
    )
"""

_SQL = {
    "on_time_fulfilment_rate": """
select channel, channel_order_id, paid_at, promise_due_at, promise_met_at,
    paid_amount_cny::double as paid_amount_cny,
from marts.fct_orders
where is_on_time = false"""
    + _WINDOW.format(at="promise_due_at"),
    "anomaly_resolved_2h_rate": """
select channel, channel_order_id, event_code, detected_at, resolved_at,
    paid_amount_cny::double as paid_amount_cny,
from marts.fct_anomalies
where is_resolved_2h = false"""
    + _WINDOW.format(at="detected_at"),
}

_ORDER = {
    "on_time_fulfilment_rate": "order by promise_due_at desc, channel, channel_order_id",
    "anomaly_resolved_2h_rate": "order by detected_at desc, channel, channel_order_id, event_code",
}

KPIS = frozenset(_SQL)
"""The parts whose missed orders can be listed."""


def count(version: Version, kpi: str, *, channel: str, kind: str, start: date) -> int:
    """How many orders of the period missed. Raises KeyError for a part outside `KPIS`."""
    sql = f"select count(*) as n from ({_SQL[kpi]})"
    return int(read(version, sql, channel=channel, period=kind, start=start)["n"][0])


def rows(
    version: Version, kpi: str, *, channel: str, kind: str, start: date, size: int, skip: int
) -> pl.DataFrame:
    """One page of the orders that missed, newest first. Raises KeyError for a part outside `KPIS`."""
    return read(
        version,
        f"{_SQL[kpi]} {_ORDER[kpi]} limit $size offset $skip",
        channel=channel,
        period=kind,
        start=start,
        size=size,
        skip=skip,
    )
