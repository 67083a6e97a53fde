"""Findings on master data: the score, what is open, whose, and what it costs: and the rows behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.queries.behind import Door, door
from app.queries.reader import read

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

OPEN = "('open', 'acknowledged', 'assigned')"
SLICES = ("dimension", "owner", "entity")
RULES = 10
LISTED = 200
"""Findings offered for work at once, the costliest first; a filter brings others."""

_SCORES = """
select slice, member, score, previous_score, rule_count, checked_count, failing_count
from marts.rpt_quality_scores
where is_current
order by slice, score nulls last, member
"""

_OPEN = f"""
select count(*) as findings, count(*) filter (where severity = 'critical') as critical,
    count(*) filter (where is_overdue) as overdue, count(*) filter (where state = 'open') as unanswered,
    count(*) filter (where orders_touched > 0) as touching,
    quantile_cont(hours_to_respond, 0.5) as p50_hours_to_respond,
from marts.rpt_quality_findings
where state in {OPEN}
"""

_COST = """
select kpi, points_lost, value, value_without
from marts.rpt_quality_impact
where scope = 'all' and unit = 'rate' and points_lost > 0
order by points_lost desc, kpi
"""

_RULES = f"""
select rule_code, min(title_zh) as title_zh, min(title_en) as title_en, min(severity) as severity,
    count(*) as findings, sum(orders_touched) as orders_touched,
from marts.rpt_quality_findings
where state in {OPEN}
group by rule_code
order by findings desc, rule_code
limit $size
"""

_WORK = f"""
select finding_id, rule_code, severity, state, entity, record_key, field, value, detail_zh, detail_en,
    suggestion, owner, due_at, is_overdue, orders_touched, kpi_points, remedy_zh, remedy_en
from marts.rpt_quality_findings
where ($state = 'all' or ($state = 'open' and state in {OPEN}) or state = $state)
    and ($owner = 'all' or owner = $owner) and ($severity = 'all' or severity = $severity)
    and ($rule = 'all' or rule_code = $rule)
order by kpi_points desc nulls last, orders_touched desc nulls last, due_at nulls last, finding_id
limit $size
"""

_CHOICES = """
select distinct owner, severity, rule_code, title_zh, title_en, state
from marts.rpt_quality_findings
order by all
"""


def costing(title: str, lang: str, kpi: str) -> Door:
    """The findings that cost a KPI, the costliest first. What several touch is counted with each."""
    sql = f"""select f.record_key, f.detail_{lang} as detail, f.severity, f.state, f.owner,
    i.method as set_right, i.things_touched, i.points_lost
from marts.rpt_quality_impact as i
inner join marts.rpt_quality_findings as f on f.finding_id = i.scope_id
where i.scope = 'finding' and i.kpi = $kpi"""
    columns = "record_key detail severity state owner set_right things_touched points_lost"
    return door(title, sql, columns, "-points_lost", {"kpi": kpi})


def scores(version: Version) -> pl.DataFrame:
    """The scores in force by slice (`all`, dimension, owner, entity, source), the lowest first."""
    return read(version, _SCORES)


def standing(version: Version) -> dict[str, Any]:
    """Open findings counted."""
    return read(version, _OPEN).to_dicts()[0]


def cost(version: Version) -> pl.DataFrame:
    """Points that all findings together cost each KPI, the most first."""
    return read(version, _COST)


def by_rule(version: Version) -> pl.DataFrame:
    """Open findings by rule, the most first."""
    return read(version, _RULES, size=RULES)


def work(version: Version, *, state: str, owner: str, severity: str, rule: str) -> pl.DataFrame:
    """Findings to work on; each filter `all` or a value, `state` also `open` for all that are not done."""
    return read(version, _WORK, state=state, owner=owner, severity=severity, rule=rule, size=LISTED)


def choices(version: Version) -> pl.DataFrame:
    """What the filters may be: owner, severity, rule_code, state as they occur."""
    return read(version, _CHOICES)


def findings(title: str, lang: str, where: str = "true", **parameters: str) -> Door:
    """Open findings; `where` is a condition of ours over the parameters."""
    detail = "detail_zh" if lang == "zh" else "detail_en"
    sql = f"""select finding_id, severity, state, entity, record_key, field, value, {detail} as detail, owner,
    first_seen_at, due_at, orders_touched, kpi_points
from marts.rpt_quality_findings
where state in {OPEN} and {where}"""
    columns = (
        "record_key detail severity state owner entity field value first_seen_at due_at orders_touched"
        " kpi_points"
    )
    return door(title, sql, columns, "-kpi_points", parameters)
