"""The rows behind a part: what stands in its denominator of one period and not in its numerator."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.queries.reader import read
from app.queries.scope import Scope

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

_ON_TIME = """
select channel, channel_order_id, paid_at, promise_due_at, promise_met_at, paid_amount_cny,
    promise_due_at as counted_at, channel as scope,
from marts.fct_orders
where is_on_time = false
"""

_ANOMALIES = """
select channel, channel_order_id, event_code, detected_at, resolved_at, paid_amount_cny,
    detected_at as counted_at, channel as scope,
from marts.fct_anomalies
where is_due and not is_resolved_2h
"""

_CHANGES = """
select channel, channel_order_id, request_type, requested_at, decided_at, outcome,
    requested_at as counted_at, channel as scope,
from marts.fct_change_requests
where is_counted and not is_success
"""

_MERGES = """
select o.channel, o.channel_order_id, o.merge_group_id, o.paid_at, o.paid_amount_cny,
    g.first_paid_at as counted_at, unnest(g.channels) as scope,
from marts.fct_orders as o
inner join (
    select merge_group_id, min(paid_at) as first_paid_at,
        list_append(list(distinct channel), 'all') as channels,
    from marts.fct_orders
    where merge_group_id is not null
    group by merge_group_id
) as g using (merge_group_id)
where not o.is_merged
"""

_OFFERS = """
select channel, channel_order_id, service_level, offered_at, expires_at, response,
    offered_at as counted_at, channel as scope,
from marts.fct_sla_offers
where is_counted and not is_accepted
"""

_SQL = {
    "on_time_fulfilment_rate": _ON_TIME,
    "anomaly_resolved_2h_rate": _ANOMALIES,
    "change_success_rate": _CHANGES,
    "cross_channel_merge_rate": _MERGES,
    "sla_acceptance_rate": _OFFERS,
}

_IN_PERIOD = """
with missed as ({missed})
select {columns}
from missed
where scope = {scope}
    and (
        $period = 'total'
        or (counted_at >= $start and counted_at < $start::date + case $period
            when 'day' then interval 1 day
            when 'week' then interval 7 day
            else interval 1 month
        end)
    )
"""


def count(version: Version, kpi: str, scope: Scope) -> int:
    """How many missed: denominator less numerator. Raises KeyError for what is no part."""
    return int(read(version, _sql(kpi, scope, "count(*) as n"), **_chosen(scope))["n"][0])


def rows(version: Version, kpi: str, scope: Scope, *, size: int, skip: int) -> pl.DataFrame:
    """One page of what missed, newest first; the columns depend on the part. Raises KeyError likewise."""
    sql = _sql(kpi, scope, "* exclude (counted_at, scope)")
    order = "order by counted_at desc, channel, channel_order_id limit $size offset $skip"
    return read(version, f"{sql} {order}", **_chosen(scope), size=size, skip=skip)


def _sql(kpi: str, scope: Scope, columns: str) -> str:
    """A part's query. Over all channels a row counts once; only merges have a scope for that."""
    in_all = "'all'" if kpi == "cross_channel_merge_rate" else "scope"
    wanted = in_all if scope.channel == "all" else "$channel"
    return _IN_PERIOD.format(missed=_SQL[kpi], columns=columns, scope=wanted)


def _chosen(scope: Scope) -> dict[str, str | date]:
    chosen: dict[str, str | date] = {"period": scope.kind, "start": scope.start}
    return chosen if scope.channel == "all" else {**chosen, "channel": scope.channel}
