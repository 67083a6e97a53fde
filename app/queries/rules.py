"""Changes of rules, and figures that were restated: and the rows behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.queries.behind import Door, door
from app.queries.reader import read
from app.queries.scope import Scope, within

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

REASONS = (
    "rule_change",
    "corrected_master_data",
    "merged_customers",
    "late_exports",
    "time_passed",
    "other",
)
"""Why a figure was restated, what people did first."""

_CHANGES = """
select change_id, kind, title_zh, title_en, valid_from, approved_at, approver_role, reason, detail,
    revoked_at, revoked_reason, state
from marts.rpt_rule_changes
order by valid_from desc, approved_at desc, change_id
"""

_RESTATED = f"""
select reason_code as reason, count(*) as figures, count(distinct observed_on) as days,
    sum(changed_count) as changed, sum(points)::double as points,
from marts.rpt_restatements
where kpi = $kpi and channel = $channel and points <> 0 and {within("observed_on")}
group by reason_code
"""

_TOTAL = f"""
select count(distinct (kpi, observed_on)) as figures, count(distinct kpi) as kpis,
    max(abs(points)) filter (unit in ('rate', 'points'))::double as largest,
    count(distinct (kpi, observed_on)) filter (where reason_code = 'rule_change') as by_rule,
from marts.rpt_restatements
where channel = $channel and points <> 0 and {within("observed_on")}
"""

_BY_KPI = f"""
select kpi, any_value(unit) as unit, count(distinct observed_on) as days,
    max(abs(points_after - first_points))::double as moved,
    max_by(observed_on, abs(points_after - first_points)) as observed_on,
    max_by(first_points, abs(points_after - first_points))::double as seen,
    max_by(points_after, abs(points_after - first_points))::double as now,
    max_by(main_reason, abs(points_after - first_points)) as reason,
from (
    select kpi, observed_on, any_value(unit) as unit,
        first(points_before order by published_run_id, list_position($order, reason_code)) as first_points,
        last(points_after order by published_run_id, list_position($order, reason_code)) as points_after,
        max_by(reason_code, abs(points)) as main_reason,
    from marts.rpt_restatements
    where channel = $channel and points <> 0 and {within("observed_on")}
    group by kpi, observed_on
)
group by kpi
order by days desc, kpi
"""
APPLIED = ["time_passed", "late_exports", "corrected_master_data", "merged_customers", "rule_change", "other"]
"""The order in which reasons are applied."""


def changes(version: Version) -> pl.DataFrame:
    """Approved changes, those that hold latest first."""
    return read(version, _CHANGES)


def restated(version: Version, scope: Scope, kpi: str) -> dict[str, dict[str, Any]]:
    """How far the days of the period were restated, by reason."""
    found = read(version, _RESTATED, **scope.span, kpi=kpi, channel=scope.channel)
    return {row["reason"]: row for row in found.to_dicts()}


def by_kpi(version: Version, scope: Scope) -> list[dict[str, Any]]:
    """Each KPI of which days were restated: how many, and the day that moved most: as seen first, and now."""
    return read(version, _BY_KPI, **scope.span, channel=scope.channel, order=APPLIED).to_dicts()


def total(version: Version, scope: Scope) -> dict[str, Any]:
    """Figures of the period that no longer stand as they were published."""
    return read(version, _TOTAL, **scope.span, channel=scope.channel).to_dicts()[0]


def restatements(
    scope: Scope, title: str, kpi: str = "all", reason: str = "all", order: str = "-observed_on"
) -> Door:
    """Each figure as it stood when it was published, and why it stands otherwise now."""
    sql = f"""select kpi, observed_on, channel, reason_code as why_restated, published_as_of, restated_as_of,
    changed_count, unit, points_before::double as points_before, points_after::double as points_after,
    points::double as points,
    case when unit in ('rate', 'points') then abs(points)::double end as moved
from marts.rpt_restatements
where ($kpi = 'all' or kpi = $kpi) and ($reason = 'all' or reason_code = $reason)
    and channel = $channel and {within("observed_on")}"""
    columns = (
        "kpi observed_on channel why_restated points_before points_after points moved unit changed_count"
        " published_as_of restated_as_of"
    )
    values = {**scope.span, "kpi": kpi, "reason": reason, "channel": scope.channel}
    return door(title, sql, columns, order, values)


def change_rows(title: str, state: str = "all") -> Door:
    """Approved changes of one state."""
    sql = """select kind, valid_from, state as rule_state, approved_at, approver_role, reason as why_changed,
    detail as what_changed, revoked_at
from marts.rpt_rule_changes
where $state = 'all' or state = $state"""
    columns = "kind valid_from rule_state approved_at approver_role why_changed what_changed revoked_at"
    return door(title, sql, columns, "-valid_from", {"state": state})
