"""The index and its five parts: periods to choose from, one period, and the way there."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.queries.behind import Door, door
from app.queries.reader import read
from app.queries.scope import Scope

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

INDEX = "experience_index"
PARTS = (
    "on_time_fulfilment_rate",
    "anomaly_resolved_2h_rate",
    "change_success_rate",
    "cross_channel_merge_rate",
    "sla_acceptance_rate",
)
TREND_DAYS = 90

_CHANNELS = """
select channel, max(denominator) as population
from marts.rpt_experience_index
where channel <> 'all' and period = 'total'
group by channel
order by population desc nulls last, channel
"""

_PERIODS = """
with ends as (
    select period, period_start, kpi, value, status,
        case period
            when 'day' then period_start + interval 1 day
            when 'week' then period_start + interval 7 day
            when 'month' then period_start + interval 1 month
        end as ends_at,
    from marts.rpt_experience_index
    where channel = $channel
)
select period, period_start,
    max(value) filter (where kpi = 'experience_index') as index_value,
    max(status) filter (where kpi = 'experience_index') as index_status,
    count(*) filter (where kpi <> 'experience_index' and value is not null) as parts_with_data,
    coalesce(max(ends_at) <= $as_of, true) as is_complete,
from ends
group by period, period_start
having parts_with_data > 0
order by period, period_start desc
"""

_PERIOD = """
select kpi, numerator, denominator, value, weight, contribution, coverage, status, target
from marts.rpt_experience_index
where channel = $channel and period = $period and period_start = $start
"""

_BEFORE = """
select value
from marts.rpt_experience_index
where channel = $channel and period = $period and kpi = 'experience_index'
    and period_start = case $period
        when 'day' then $start::date - interval 1 day
        when 'week' then $start::date - interval 7 day
        when 'month' then $start::date - interval 1 month
    end
"""

_SERIES = """
select kpi, period_start, value
from marts.rpt_experience_index
where channel = $channel and period = $period
    and period_start > $until::date - to_days($days) and period_start <= $until
order by kpi, period_start
"""

_BY_CHANNEL = """
select channel, numerator, denominator, value, status
from marts.rpt_experience_index
where channel <> 'all' and kpi = $kpi and period = $period and period_start = $start and denominator > 0
order by denominator desc, channel
"""


def channels(version: Version) -> list[str]:
    """All channels with a row of their own, the largest population first."""
    return read(version, _CHANNELS)["channel"].to_list()


def periods(version: Version, channel: str, as_of: datetime) -> pl.DataFrame:
    """Periods with data, newest first: period, period_start, index_value, index_status, is_complete."""
    return read(version, _PERIODS, channel=channel, as_of=as_of)


def period(version: Version, scope: Scope) -> dict[str, dict[str, Any]]:
    """The rows of one period, by kpi."""
    rows = read(version, _PERIOD, channel=scope.channel, period=scope.kind, start=scope.start)
    return {row["kpi"]: row for row in rows.to_dicts()}


def parts_rows(scope: Scope, title: str) -> Door:
    """The index and what it is summed from, part by part: it is weighed from rates, not counted from rows."""
    sql = """select kpi, numerator as counted_of, denominator as counted_in,
    if(kpi = $index, value, 100 * value) as points_now, weight as weight_rate,
    contribution as points, coverage as coverage_rate, status
from marts.rpt_experience_index
where channel = $channel and period = $period and period_start = $start"""
    columns = "kpi counted_of counted_in points_now weight_rate points coverage_rate status"
    told = {**scope.span, "channel": scope.channel, "index": INDEX}
    return door(title, sql, columns, "-weight_rate", told)


def before(version: Version, scope: Scope) -> float | None:
    """The index (0–100) of the period just before; None where there is none."""
    rows = read(version, _BEFORE, channel=scope.channel, period=scope.kind, start=scope.start)
    return rows["value"][0] if rows.height else None


def points(version: Version, channel: str, kind: str, until: date) -> list[tuple[date, float | None]]:
    """(period_start, index) of the periods that began in the 90 days up to `until`, oldest first."""
    series = read(version, _SERIES, channel=channel, period=kind, until=until, days=TREND_DAYS)
    return list(series.filter(series["kpi"] == INDEX).select("period_start", "value").iter_rows())


def histories(
    version: Version, channel: str, kind: str, until: date, days: int
) -> dict[str, list[float | None]]:
    """Rates (0–1) by kpi, oldest first, of the periods that began in the `days` up to `until`."""
    series = read(version, _SERIES, channel=channel, period=kind, until=until, days=days)
    return dict(series.group_by("kpi", maintain_order=True).agg("value").iter_rows())


def by_channel(version: Version, kpi: str, scope: Scope) -> pl.DataFrame:
    """One part in one period: channel, numerator, denominator, value, status, largest first."""
    return read(version, _BY_CHANNEL, kpi=kpi, period=scope.kind, start=scope.start)
