"""What the suites and dbt found, as checks: per entity one over its critical rules and one over the rest.

Read from the warehouse that this run has built, so that both sides count. None of them blocks publishing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

ASSETS = {
    "sku": "dim_skus",
    "sku_alias": "fct_order_lines",
    "warehouse": "dim_warehouses",
    "store": "dim_resources",
    "resource": "dim_resources",
    "carrier": "dim_carrier_areas",
    "address": "dim_addresses",
    "customer": "dim_customers",
    "rule": "rpt_kpi_trust",
}
"""The mart that shows an entity's records, or what rests on them."""
SHOWN = 20
"""Findings of a check that its page lists; all of them stand in rpt_quality_findings."""


@dataclass(frozen=True)
class Outcome:
    """One check. `figures` has the score of the entity and how many of what was looked at fail."""

    entity: str
    is_critical: bool
    passed: bool
    line: str
    figures: dict[str, Any]
    findings: list[dict[str, Any]]
    """The costliest first: rule, record, value, orders touched, points."""

    @property
    def name(self) -> str:
        """Unique on its asset."""
        return name(self.entity, is_critical=self.is_critical)


def name(entity: str, *, is_critical: bool) -> str:
    """`sku_critical_rules`, `sku_other_rules`."""
    return f"{entity}_{'critical' if is_critical else 'other'}_rules"


def outcomes(warehouse: Path) -> list[Outcome]:
    """Two for each entity, whether it has records or not. A rule fails where more of its records do than its
    tolerance allows. The warehouse must have no writer."""
    rules, listed, scores = (_read(warehouse, sql) for sql in (_RULES, _LISTED, _SCORES))
    by_entity = dict(scores.rows())
    return [
        _outcome(entity, is_critical, rules, listed, by_entity.get(entity))
        for entity in ASSETS
        for is_critical in (True, False)
    ]


def _outcome(
    entity: str, is_critical: bool, rules: pl.DataFrame, listed: pl.DataFrame, score: float | None
) -> Outcome:
    mine = rules.filter(entity=entity, is_critical=is_critical)
    failed = mine.filter(mine["failing"] > mine["allowed"])
    shown = listed.filter(entity=entity, is_critical=is_critical).head(SHOWN)
    told = [f"{rule} ({count:,})" for rule, count in failed.select("rule_code", "failing").rows()]
    figures: dict[str, Any] = {"failing": int(mine["failing"].sum()), "rules_failed": failed.height}
    if score is not None:
        figures["score"] = score
    return Outcome(
        entity,
        is_critical,
        failed.is_empty(),
        f"{entity}: more records fail than may: {', '.join(told)}; luyue report lists them by owner"
        if told
        else f"{entity}: within the tolerance of every rule",
        figures,
        shown.select("rule_code", "record_key", "value", "orders_touched", "kpi_points")
        .fill_null("")
        .to_dicts(),
    )


_RULES = """
    select
        checked.entity,
        rules.severity = 'critical' as is_critical,
        checked.rule_code,
        max(rules.tolerance) * sum(checked.checked_count) as allowed,
        coalesce(max(failing.failing), 0) as failing
    from intermediate.int_quality__checked as checked
    join reference.quality_rules as rules using (rule_code)
    left join (
        select rule_code, entity, count(*) as failing from marts.rpt_quality_findings
        where resolved_at is null and state <> 'accepted_risk' group by all
    ) as failing on failing.rule_code = checked.rule_code and failing.entity = checked.entity
    group by all
    order by all
"""
_LISTED = """
    select
        entity, severity = 'critical' as is_critical, rule_code, record_key, value, orders_touched, kpi_points
    from marts.rpt_quality_findings
    where resolved_at is null and state <> 'accepted_risk'
    order by kpi_points desc, orders_touched desc, rule_code, record_key
"""
_SCORES = "select member, score from marts.rpt_quality_scores where slice = 'entity' and is_current"


def _read(warehouse: Path, sql: str) -> pl.DataFrame:
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.sql(sql).pl()
