"""The rows behind a part: what stands in its denominator of one period and not in its numerator."""

from __future__ import annotations

from datetime import date

from app.queries.listing import Rows
from app.queries.scope import Scope, within

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
    where not is_merged
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

_COLUMNS = {
    "on_time_fulfilment_rate": (
        "channel", "channel_order_id", "paid_at", "promise_due_at", "promise_met_at", "paid_amount_cny",
    ),
    "anomaly_resolved_2h_rate": (
        "channel", "channel_order_id", "event_code", "detected_at", "resolved_at", "paid_amount_cny",
    ),
    "change_success_rate": (
        "channel", "channel_order_id", "request_type", "requested_at", "decided_at", "outcome",
    ),
    "cross_channel_merge_rate": (
        "channel", "channel_order_id", "merge_group_id", "paid_at", "paid_amount_cny",
    ),
    "sla_acceptance_rate": (
        "channel", "channel_order_id", "service_level", "offered_at", "expires_at", "response",
    ),
}  # fmt: skip
_NEWEST = {
    "on_time_fulfilment_rate": "-promise_due_at",
    "anomaly_resolved_2h_rate": "-detected_at",
    "change_success_rate": "-requested_at",
    "cross_channel_merge_rate": "-paid_at",
    "sla_acceptance_rate": "-offered_at",
}

_IN_PERIOD = """
with missed as ({missed})
select {columns}
from missed
where scope = {scope}
    and {span}
"""


def rows(kpi: str, scope: Scope) -> Rows:
    """What missed: denominator less numerator, the newest first. Raises KeyError for what is no part."""
    columns = _COLUMNS[kpi]
    return Rows(_sql(kpi, scope, ", ".join(columns)), columns, _NEWEST[kpi], _chosen(scope))


def _sql(kpi: str, scope: Scope, columns: str) -> str:
    """A part's query. Over all channels a row counts once; only merges have a scope for that."""
    in_all = "'all'" if kpi == "cross_channel_merge_rate" else "scope"
    wanted = in_all if scope.channel == "all" else "$channel"
    return _IN_PERIOD.format(missed=_SQL[kpi], columns=columns, scope=wanted, span=within("counted_at"))


def _chosen(scope: Scope) -> dict[str, str | date]:
    return scope.span if scope.channel == "all" else {**scope.span, "channel": scope.channel}
