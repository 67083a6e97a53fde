"""Promises that fell due and what became of them, stage by stage, with the penalties: and the rows behind.

Over all channels the published roll-ups are read; for one channel its orders are counted by the same slices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.behind import Door, door
from app.queries.kpis import of_channel
from app.queries.reader import read
from app.queries.scope import Scope, within
from app.queries.slices import PLACED, SLICED

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

DIMENSIONS = ("channel", "warehouse", "carrier", "province")
MEMBERS = 8
"""Rows of one panel: the largest; more are behind the door of the page's number."""
WHOLE_WAY = "ordered_to_completed"
"""The stage of rpt_cycle_times from end to end."""
LAG_LIMIT_SECONDS = 90
"""What sync_lag_over_90s_rate of docs/kpi.md counts against."""

REFUND = "refund_requested"
"""The step that the stages of a refund begin with."""
_STEPS = """
select channel, channel_order_id, ordered_at, paid_at, released_at, picked_at, outbound_at, shipped_at,
    case when shipped_at is not null then picked_up_at end as picked_up_at, signed_at, completed_at
from marts.fct_orders
where channel <> 'pos'
"""
_PROMISES = """
select dimension, member, numerator, denominator, on_time_rate as value, late_count, open_count,
    p50_late_minutes, status
from marts.rpt_sla
where period = $period and period_start = $start and promise_kind = 'all'
    and dimension in ('all', 'channel', 'warehouse', 'carrier', 'province')
order by dimension, denominator desc, member
"""

_OF_CHANNEL = f"""
with {SLICED},
due as (
    select channel, warehouse, carrier, province, is_on_time, promise_met_at, promise_due_at,
        is_on_time = false and promise_met_at is null and not is_cancelled and closed_at is null
            and fully_refunded_at is null as is_open,
    from sliced
    where is_on_time is not null and channel = $channel and {within("promise_due_at")}
)
select
    case when grouping(warehouse) = 0 then 'warehouse' when grouping(carrier) = 0 then 'carrier'
        when grouping(province) = 0 then 'province' else 'all' end as dimension,
    case when grouping(warehouse) = 0 then coalesce(warehouse, 'unknown')
        when grouping(carrier) = 0 then coalesce(carrier, 'unknown')
        when grouping(province) = 0 then coalesce(province, 'unknown') else 'all' end as member,
    count(*) filter (where is_on_time) as numerator, count(*) as denominator,
    count(*) filter (where is_on_time) / count(*) as value,
    count(*) filter (where not is_on_time) as late_count,
    count(*) filter (where is_open) as open_count,
    quantile_cont(date_diff('second', promise_due_at, promise_met_at) / 60, 0.5)
        filter (where not is_on_time) as p50_late_minutes,
    if(count(*) < 30, 'small_sample', 'ok') as status,
from due
group by grouping sets ((warehouse), (carrier), (province), ())
having count(*) > 0
order by dimension, denominator desc, member
"""

_CYCLES = """
select stage, stage_no, orders, denominator, p50_hours, p90_hours, coverage, status
from marts.rpt_cycle_times
where period = $period and period_start = $start and dimension = $dimension and member = $member
order by stage_no
"""

_LAGS = """
select channel, events, denominator, p50_seconds, p95_seconds, over_90s, share_over_90s as value, status
from marts.rpt_sync_lag
where period = $period and period_start = $start and event_code = 'all' and channel <> 'all'
    and ($channel = 'all' or channel = $channel)
order by denominator desc, channel
"""

_PENALTIES = """
select basis, member as channel, failures, denominator, penalty_cny::double as penalty_cny, coverage, status
from marts.rpt_penalties
where period = $period and period_start = $start and dimension = 'channel' and penalty_code = 'all'
    and ($channel = 'all' or member = $channel)
order by basis, penalty_cny desc nulls last, member
"""


def promises(version: Version, scope: Scope) -> pl.DataFrame:
    """Promises due by dimension and member, the largest first: value is the on-time rate."""
    if scope.channel == "all":
        return read(version, _PROMISES, **scope.span)
    import polars as pl

    channels = read(version, _PROMISES, **scope.span).filter(dimension="channel")
    own = read(version, _OF_CHANNEL, **scope.span, channel=scope.channel)
    return pl.concat([channels, own], how="vertical_relaxed")


def cycles(version: Version, scope: Scope) -> pl.DataFrame:
    """Hours per stage in order, the whole way last."""
    return read(version, _CYCLES, **scope.span, **of_channel(scope))


def lags(version: Version, scope: Scope) -> pl.DataFrame:
    """Seconds from event to receipt by channel."""
    return read(version, _LAGS, **scope.span, channel=scope.channel)


def penalties(version: Version, scope: Scope) -> pl.DataFrame:
    """CNY by basis (by_rule, as_charged) and channel."""
    return read(version, _PENALTIES, **scope.span, channel=scope.channel)


def late(
    scope: Scope, title: str, dimension: str = "all", member: str = "all", open_only: bool = False
) -> Door:
    """The orders whose promise was not kept in time, of one slice, the longest late first."""
    where, parameters = _slice(scope, dimension, member)
    unmet = (
        "and promise_met_at is null and not is_cancelled and closed_at is null and fully_refunded_at is null"
    )
    orders = (SLICED, "sliced") if dimension == "province" else (PLACED, "placed")
    return _broken(scope, title, f"{where} {unmet if open_only else ''}", parameters, *orders)


def promised(scope: Scope, title: str, kind: str) -> Door:
    """The orders that missed a promise of one kind (ship, delivery)."""
    where, parameters = _slice(scope, "all", "all")
    kinds = "promise_kind in ('ship', 'default')" if kind == "ship" else "promise_kind = 'delivery'"
    return _broken(scope, title, f"{where} and {kinds}", parameters, PLACED, "placed")


def _broken(scope: Scope, title: str, which: str, parameters: dict[str, str], ctes: str, orders: str) -> Door:
    """The orders that did not keep a promise due in the period. `which`: SQL that narrows them further;
    `orders`: those of `ctes` (see slices) that have the columns for it."""
    columns = (
        "channel",
        "channel_order_id",
        "warehouse",
        "carrier",
        "promise_due_at",
        "promise_met_at",
        "paid_amount_cny",
    )
    sql = f"""with {ctes}
select {", ".join(columns)}
from {orders}
where is_on_time = false and {within("promise_due_at")} {which}"""
    return door(title, sql, " ".join(columns), "promise_due_at", {**scope.span, **parameters})


def slow(scope: Scope, title: str) -> Door:
    """Completed orders, the longest way first."""
    where, parameters = _slice(scope, "all", "all")
    sql = f"""select channel, channel_order_id, ordered_at, paid_at, shipped_at, signed_at, completed_at,
    round(date_diff('second', ordered_at, completed_at) / 3600, 1) as hours
from marts.fct_orders
where completed_at >= ordered_at and channel <> 'pos' and {within("completed_at")} {where}"""
    return door(
        title,
        sql,
        "channel channel_order_id ordered_at paid_at shipped_at signed_at completed_at hours",
        "-hours",
        {**scope.span, **parameters},
    )


def stage(scope: Scope, title: str, name: str) -> Door:
    """What went through one stage in the period, the longest first: orders, or cases of a refund."""
    begin, end = name.split("_to_")
    where, parameters = _slice(scope, "all", "all")
    if begin == REFUND:
        begin, end = "requested", end.removeprefix("refund_")
        steps = "select channel, channel_order_id, aftersale_id, requested_at, agreed_at, refunded_at"
        steps += " from marts.fct_aftersales"
        key = "channel channel_order_id aftersale_id"
    else:
        steps, key = _STEPS, "channel channel_order_id"
    columns = f"{key} began_at ended_at hours"
    sql = f"""with steps as ({steps}),
timed as (select *, {begin}_at as began_at, {end}_at as ended_at from steps)
select {key.replace(" ", ", ")}, began_at, ended_at,
    round(date_diff('second', began_at, ended_at) / 3600, 1) as hours
from timed
where ended_at >= began_at and {within("ended_at")} {where}"""
    return door(title, sql, columns, "-hours", {**scope.span, **parameters})


def lagging(scope: Scope, title: str, channel: str = "all") -> Door:
    """Pushed events that were received later than the limit."""
    wanted = scope.channel if channel == "all" else channel
    sql = f"""select channel, channel_order_id, event_code, occurred_at, received_at,
    date_diff('second', occurred_at, received_at) as seconds
from marts.fct_order_events
where received_at is not null and date_diff('second', occurred_at, received_at) > $limit
    and ($channel = 'all' or channel = $channel) and {within("occurred_at")}"""
    return door(
        title,
        sql,
        "channel channel_order_id event_code occurred_at received_at seconds",
        "-seconds",
        {**scope.span, "channel": wanted, "limit": LAG_LIMIT_SECONDS},
    )


def charged(scope: Scope, title: str, basis: str, channel: str = "all") -> Door:
    """Penalties of one basis, the largest first."""
    wanted = scope.channel if channel == "all" else channel
    sql = f"""select channel, channel_order_id, penalty_code, charged_at, penalty_cny::double as penalty_cny
from marts.fct_penalties
where basis = $basis and ($channel = 'all' or channel = $channel) and {within("charged_at")}"""
    return door(
        title,
        sql,
        "channel channel_order_id penalty_code charged_at penalty_cny",
        "-penalty_cny",
        {**scope.span, "basis": basis, "channel": wanted},
    )


def _slice(scope: Scope, dimension: str, member: str) -> tuple[str, dict[str, str]]:
    """The condition of one slice and its parameters. `dimension` is one of DIMENSIONS or `all`."""
    where, parameters = "", {}
    if scope.channel != "all":
        where, parameters = "and channel = $channel", {"channel": scope.channel}
    if dimension in DIMENSIONS:
        where += f" and coalesce({dimension}, 'unknown') = $member"
        parameters["member"] = member
    return where, parameters
