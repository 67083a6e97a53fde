"""Anomalies: what is open, how soon they were answered, and how orders walk through the event graph."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.queries.behind import Door, door
from app.queries.reader import read
from app.queries.scope import Scope, within

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

AGES = ("under_2h", "under_24h", "under_72h", "older")
"""Bands of the age of an open anomaly, youngest first."""
ANSWER_HOURS = 4
"""Within which a refund request is to be answered (refund_response_4h_rate of docs/kpi.md)."""

_OPEN = """
open_ones as (
    select *,
        case
            when detected_at > $as_of::timestamp - interval 2 hour then 'under_2h'
            when detected_at > $as_of::timestamp - interval 24 hour then 'under_24h'
            when detected_at > $as_of::timestamp - interval 72 hour then 'under_72h'
            else 'older'
        end as age,
    from marts.fct_anomalies
    where resolved_at is null and ($channel = 'all' or channel = $channel)
)"""

_QUEUE = f"""
with {_OPEN},
orders as (
    select {{by}} as member, channel, channel_order_id, max(paid_amount_cny) as paid_amount_cny,
        min(detected_at) as oldest_at,
        max(is_response_in_time is false and responded_at is null) as is_overdue,
    from open_ones
    group by member, channel, channel_order_id
)
select member, count(*) as orders, sum(paid_amount_cny)::double as paid_amount_cny,
    min(oldest_at) as oldest_at, count(*) filter (where is_overdue) as overdue,
from orders
group by member
order by paid_amount_cny desc nulls last, member
"""

_RESPONSES = f"""
select event_code as member, min(owner_role) as owner_role, count(*) as anomalies,
    count(*) filter (where is_response_in_time) as numerator, count(is_response_in_time) as denominator,
    count(*) filter (where is_response_in_time) / nullif(count(is_response_in_time), 0) as value,
    quantile_cont(date_diff('second', detected_at, responded_at) / 60, 0.5) as p50_minutes,
from marts.fct_anomalies
where ($channel = 'all' or channel = $channel) and {within("detected_at")}
group by event_code
order by anomalies desc, event_code
"""

_NODES = """
with told as (
    select event_code, count(*) as times from marts.fct_order_events group by event_code
)
select n.event_code, n.seq, n.stage, n.is_anomaly, n.response_sla_minutes, n.owner_role,
    coalesce(t.times, 0) as times,
from marts.dim_event_codes as n
left join told as t using (event_code)
order by n.seq
"""

_EDGES = "select from_event, to_event, edge_kind, order_count from marts.bridge_event_edges order by all"


def queue(version: Version, scope: Scope, as_of: datetime, by: str) -> pl.DataFrame:
    """Open anomalies by `event_code` or `age`: orders, their value, the oldest, how many nobody answered."""
    assert by in ("event_code", "age", "'all'")
    return read(version, _QUEUE.format(by=by), channel=scope.channel, as_of=as_of)


def responses(version: Version, scope: Scope) -> pl.DataFrame:
    """Anomalies of the period by event_code: answered in time of those whose answer was due."""
    return read(version, _RESPONSES, **scope.span, channel=scope.channel)


def nodes(version: Version) -> pl.DataFrame:
    """The event catalogue, with how often each event happened: all channels, all data."""
    return read(version, _NODES)


def edges(version: Version) -> pl.DataFrame:
    """What may follow what, with the orders that went that way: likewise."""
    return read(version, _EDGES)


def waiting(scope: Scope, as_of: datetime, title: str, by: str = "'all'", member: str = "all") -> Door:
    """Open anomalies of one event or age, the most valuable first."""
    assert by in ("event_code", "age", "'all'")
    sql = f"""with {_OPEN}
select channel, channel_order_id, event_code, detected_at, response_due_at, responded_at, owner_role,
    coalesce(carrier, warehouse_code) as place, paid_amount_cny::double as paid_amount_cny
from open_ones
where {by} = $member"""
    return door(
        title,
        sql,
        "channel channel_order_id event_code detected_at response_due_at responded_at"
        " owner_role place paid_amount_cny",
        "-paid_amount_cny",
        {"channel": scope.channel, "as_of": as_of, "member": member},
    )


def unsolved(scope: Scope, title: str) -> Door:
    """Anomalies of the rate that were not solved within two hours."""
    sql = f"""select channel, channel_order_id, event_code, detected_at, resolved_at, owner_role,
    paid_amount_cny::double as paid_amount_cny
from marts.fct_anomalies
where is_in_rate and is_due and not is_resolved_2h and ($channel = 'all' or channel = $channel)
    and {within("detected_at")}"""
    return door(
        title,
        sql,
        "channel channel_order_id event_code detected_at resolved_at owner_role paid_amount_cny",
        "-detected_at",
        {**scope.span, "channel": scope.channel},
    )


def unanswered(scope: Scope, title: str, event_code: str = "all") -> Door:
    """Anomalies of the period that were answered late or not at all."""
    sql = f"""select channel, channel_order_id, event_code, detected_at, response_due_at,
    responded_at, owner_role,
    paid_amount_cny::double as paid_amount_cny
from marts.fct_anomalies
where is_response_in_time = false and ($channel = 'all' or channel = $channel)
    and ($event_code = 'all' or event_code = $event_code) and {within("detected_at")}"""
    return door(
        title,
        sql,
        "channel channel_order_id event_code detected_at response_due_at responded_at"
        " owner_role paid_amount_cny",
        "-detected_at",
        {**scope.span, "channel": scope.channel, "event_code": event_code},
    )


def anomalous(scope: Scope, title: str) -> Door:
    """Orders paid in the period with an anomaly of the rate."""
    sql = f"""select channel, channel_order_id, paid_at, paid_amount_cny::double as paid_amount_cny,
    count(*) as anomalies, min(detected_at) as detected_at
from marts.fct_anomalies
where is_in_rate and ($channel = 'all' or channel = $channel) and {within("paid_at")}
group by channel, channel_order_id, paid_at, paid_amount_cny"""
    return door(
        title,
        sql,
        "channel channel_order_id paid_at paid_amount_cny anomalies detected_at",
        "-anomalies",
        {**scope.span, "channel": scope.channel},
    )


def refunds_late(scope: Scope, as_of: datetime, title: str) -> Door:
    """After-sale cases that were not answered within the hours."""
    sql = f"""select channel, channel_order_id, aftersale_type, requested_at, agreed_at, closed_at,
    refund_amount_cny::double as refund_amount_cny
from marts.fct_aftersales
where ($channel = 'all' or channel = $channel) and {within("requested_at")}
    and (agreed_at > requested_at + to_hours($hours)
        or ((agreed_at is null or agreed_at > $as_of) and requested_at + to_hours($hours) <= $as_of
            and coalesce(closed_at > $as_of or closed_at >= requested_at + to_hours($hours), true)))"""
    return door(
        title,
        sql,
        "channel channel_order_id aftersale_type requested_at agreed_at closed_at refund_amount_cny",
        "requested_at",
        {**scope.span, "channel": scope.channel, "as_of": as_of, "hours": ANSWER_HOURS},
    )


def interceptions_failed(scope: Scope, title: str) -> Door:
    """Requests to stop a parcel on its way that did not succeed."""
    sql = f"""select channel, channel_order_id, request_type, requested_at, decided_at, outcome
from marts.fct_change_requests
where request_type = 'intercept_return' and decided_at is not null and not is_success
    and ($channel = 'all' or channel = $channel) and {within("requested_at")}"""
    return door(
        title,
        sql,
        "channel channel_order_id request_type requested_at decided_at outcome",
        "-requested_at",
        {**scope.span, "channel": scope.channel},
    )


def happened(title: str, event_code: str) -> Door:
    """One event over all orders, the newest first."""
    sql = """select channel, channel_order_id, event_code,
    coalesce(occurred_at, occurred_before) as occurred_at, received_at, is_derived
from marts.fct_order_events
where event_code = $event_code"""
    return door(
        title,
        sql,
        "channel channel_order_id event_code occurred_at received_at is_derived",
        "-occurred_at",
        {"event_code": event_code},
    )
