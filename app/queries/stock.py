"""Counts against the book, what explains their differences, oversells and listings: and the rows behind.

Stock belongs to warehouses, not to channels: the warehouse is what these figures are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.queries.behind import Door, door
from app.queries.reader import read
from app.queries.scope import Scope, within

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

SYNC_LIMIT_SECONDS = 32
"""What stock_sync_over_32s_rate of docs/inventory.md counts against."""
SHOWN = 10
"""Rows of a table on the page; all of them stand behind the page's figures."""

_HEALTH = """
select kpi, numerator, denominator, value, coverage, status, benchmark_before, benchmark_after
from marts.rpt_inventory_health
where warehouse_code = $warehouse and owner = 'all' and cause = 'all'
    and (period = 'now' or (period = $period and ($period = 'total' or period_start = $start)))
"""

_WAREHOUSES = """
select h.warehouse_code, coalesce(w.name, h.warehouse_code) as name, h.numerator, h.denominator,
    h.value, h.status
from marts.rpt_inventory_health as h
left join marts.dim_warehouses as w on h.warehouse_code = w.warehouse_code
where h.kpi = 'agreement_rate_sku' and h.warehouse_code <> 'all' and h.owner = 'all'
    and h.period = $period and ($period = 'total' or h.period_start = $start)
    and ($warehouse = 'all' or h.warehouse_code = $warehouse)
order by h.value, h.warehouse_code
"""

_STANDING = (
    "is_newest and status in ('open', 'explained') and ($warehouse = 'all' or warehouse_code = $warehouse)"
)

_CAUSES = f"""
select coalesce(cause, 'unexplained') as cause, count(*) as variances, sum(variance_qty)::double as net_qty,
    sum(abs(variance_value_cny))::double as value_cny, count(variance_value_cny) as known,
from marts.fct_inventory_reconciliation
where {_STANDING}
group by all
order by variances desc, cause
"""

_LARGEST = f"""
select warehouse_code, sku_code, counted_at, count_type, counted_qty::double as counted_qty,
    book_qty::double as book_qty, variance_qty::double as variance_qty,
    variance_value_cny::double as variance_value_cny, coalesce(cause, 'unexplained') as cause,
    age_days::double as age_days,
from marts.fct_inventory_reconciliation
where {_STANDING}
order by abs(variance_value_cny) desc nulls last, abs(variance_qty) desc, warehouse_code, sku_code, counted_at
limit $size
"""

_OVERSOLD = """
select channel, count(*) as listings, count(distinct sku_code) as skus, sum(oversold_qty)::double as pieces
from marts.fct_oversells
where oversell_kind = 'listing'
group by channel
order by pieces desc, channel
"""

_SHORT = f"""
select outcome, count(*) as order_lines, sum(oversold_qty)::double as pieces,
    sum(lost_sales_cny)::double as lost_sales_cny,
from marts.fct_oversells
where oversell_kind = 'order_line' and {within("started_at")}
    and ($warehouse = 'all' or warehouse_code = $warehouse)
group by outcome
order by order_lines desc, outcome
"""

_SYNC = """
select channel, events, denominator, p50_seconds, p95_seconds, over_32s, share_over_32s as value, status
from marts.rpt_stock_sync_lag
where period = $period and ($period = 'total' or period_start = $start) and channel <> 'all'
order by denominator desc, channel
"""


def health(version: Version, scope: Scope, warehouse: str) -> dict[str, dict[str, Any]]:
    """The figures of the period, and those of now, by kpi: rows of rpt_inventory_health."""
    rows = read(version, _HEALTH, **scope.span, warehouse=warehouse)
    return {row["kpi"]: row for row in rows.to_dicts()}


def by_warehouse(version: Version, scope: Scope, warehouse: str) -> pl.DataFrame:
    """Agreement of the period by warehouse, the worst first."""
    return read(version, _WAREHOUSES, **scope.span, warehouse=warehouse)


def causes(version: Version, warehouse: str) -> pl.DataFrame:
    """Variances that stand now, by cause, the most frequent first."""
    return read(version, _CAUSES, warehouse=warehouse)


def largest(version: Version, warehouse: str) -> pl.DataFrame:
    """The variances that stand now with the largest value."""
    return read(version, _LARGEST, warehouse=warehouse, size=SHOWN)


def oversold(version: Version) -> pl.DataFrame:
    """Listings that show more than there is, now, by channel."""
    return read(version, _OVERSOLD)


def short(version: Version, scope: Scope, warehouse: str) -> pl.DataFrame:
    """Paid order lines of the period that fell short, by what became of them."""
    return read(version, _SHORT, **scope.span, warehouse=warehouse)


def syncs(version: Version, scope: Scope) -> pl.DataFrame:
    """How long shops took to show a change of stock, by channel."""
    return read(version, _SYNC, **scope.span)


def counts(scope: Scope, warehouse: str, title: str, order: str = "-counted_at") -> Door:
    """Counts of the period that were out of tolerance."""
    sql = f"""select warehouse_code, sku_code, counted_at, count_type, counted_qty::double as counted_qty,
    book_qty::double as book_qty, variance_qty::double as variance_qty,
    variance_value_cny::double as variance_value_cny, status, owner
from marts.fct_inventory_reconciliation
where abs(variance_qty) > tolerance_qty and ($warehouse = 'all' or warehouse_code = $warehouse)
    and {within("counted_at")}"""
    columns = (
        "warehouse_code sku_code counted_at count_type counted_qty book_qty variance_qty variance_value_cny"
        " status owner"
    )
    return door(title, sql, columns, order, {**scope.span, "warehouse": warehouse})


def variances(warehouse: str, title: str, cause: str = "all") -> Door:
    """Variances that stand now, of one cause."""
    sql = f"""select warehouse_code, sku_code, counted_at, count_type, variance_qty::double as variance_qty,
    variance_value_cny::double as variance_value_cny, coalesce(cause, 'unexplained') as cause, opened_at,
    age_days::double as age_days, owner
from marts.fct_inventory_reconciliation
where {_STANDING} and ($cause = 'all' or coalesce(cause, 'unexplained') = $cause)"""
    columns = (
        "warehouse_code sku_code counted_at count_type variance_qty variance_value_cny cause opened_at"
        " age_days owner"
    )
    return door(title, sql, columns, "-age_days", {"warehouse": warehouse, "cause": cause})


def sync_days(scope: Scope, title: str, channel: str = "all") -> Door:
    """What was measured of a shop's delay day by day: single changes are too many to be published."""
    sql = f"""select channel, period_start as changed_on, events, denominator as measured_events, over_32s,
    p50_seconds, p95_seconds, status
from marts.rpt_stock_sync_lag
where period = 'day' and channel <> 'all' and ($channel = 'all' or channel = $channel)
    and {within("period_start")}"""
    columns = "channel changed_on events measured_events over_32s p50_seconds p95_seconds status"
    return door(title, sql, columns, "-over_32s", {**scope.span, "channel": channel})


def evidence(row: dict[str, Any], title: str) -> Door:
    """The movements, orders and transfers that explain one variance."""
    key = {name: row[name] for name in ("warehouse_code", "sku_code", "counted_at", "count_type")}
    sql = """select evidence_type, evidence_id, evidence_part, cause, effect_qty::double as effect_qty,
    effect_value_cny::double as effect_value_cny, from_at, until_at, is_whole
from marts.fct_variance_evidence
where warehouse_code = $warehouse_code and sku_code = $sku_code and counted_at = $counted_at
    and count_type = $count_type"""
    columns = (
        "evidence_type evidence_id evidence_part cause effect_qty effect_value_cny from_at until_at is_whole"
    )
    return door(title, sql, columns, "-from_at", key)


def listings(title: str, channel: str = "all") -> Door:
    """Listings that show more than there is."""
    sql = """select channel, shop_id, sku_code, oversold_qty::double as oversold_qty,
    listed_qty::double as listed_qty, sku_listed_qty::double as sku_listed_qty,
    sku_sellable_qty::double as sku_sellable_qty, started_at, listing_synced_at, owner
from marts.fct_oversells
where oversell_kind = 'listing' and ($channel = 'all' or channel = $channel)"""
    columns = (
        "channel shop_id sku_code oversold_qty listed_qty sku_listed_qty sku_sellable_qty started_at"
        " listing_synced_at owner"
    )
    return door(title, sql, columns, "-oversold_qty", {"channel": channel})


def short_lines(scope: Scope, warehouse: str, title: str, outcome: str = "all") -> Door:
    """Paid order lines that fell short."""
    sql = f"""select channel, channel_order_id, sku_code, warehouse_code,
    oversold_qty::double as oversold_qty,
    started_at, ended_at, outcome as shortfall, lost_sales_cny::double as lost_sales_cny
from marts.fct_oversells
where oversell_kind = 'order_line' and ($outcome = 'all' or outcome = $outcome)
    and ($warehouse = 'all' or warehouse_code = $warehouse) and {within("started_at")}"""
    columns = (
        "channel channel_order_id sku_code warehouse_code oversold_qty started_at ended_at shortfall"
        " lost_sales_cny"
    )
    parameters = {**scope.span, "warehouse": warehouse, "outcome": outcome}
    return door(title, sql, columns, "-started_at", parameters)


def negative(warehouse: str, title: str) -> Door:
    """SKUs whose book stands below zero."""
    sql = """select warehouse_code, sku_code, book_on_hand_qty::double as book_on_hand_qty,
    locked_qty::double as locked_qty, sellable_qty::double as sellable_qty, last_movement_at
from marts.fct_stock_positions
where book_on_hand_qty < 0 and ($warehouse = 'all' or warehouse_code = $warehouse)"""
    columns = "warehouse_code sku_code book_on_hand_qty locked_qty sellable_qty last_movement_at"
    return door(title, sql, columns, "book_on_hand_qty", {"warehouse": warehouse})
