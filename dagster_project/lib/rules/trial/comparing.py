"""Both states of a trial side by side, as data: KPIs by day, index, orders that change side, rows of marts.

Frames are made in SQL over the scratch warehouse; what is said of them is in telling.py. No file is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from dagster_project.lib.rules.trial.scratch import PRESENT

if TYPE_CHECKING:
    import duckdb

LISTED_ORDERS = 200
"""Orders that a result names; all are counted."""
ON_BOTH_SIDES = {
    "int_kpis__weighed": """
        select kpi as measure, channel, channel_order_id, observed_on,
            sum(numerator) as numerator, sum(denominator) as denominator
        from intermediate.int_kpis__weighed
        where observed_on between ? and ? and channel_order_id is not null
            and kpi <> 'waiting_anxiety_minutes'
        group by all
        having sum(denominator) <> 0""",
    "int_anomalies__answered": """
        select 'response_in_time' as measure, channel, channel_order_id,
            cast(detected_at as date) as observed_on,
            count_if(is_response_in_time) as numerator, count(is_response_in_time) as denominator
        from intermediate.int_anomalies__answered
        where cast(detected_at as date) between ? and ?
        group by all
        having count(is_response_in_time) <> 0""",
}
"""What is counted of an order: by the model that counts it. A measure that is no KPI stands in no index."""


def keep_before(connection: duckdb.DuckDBPyConnection, names: Sequence[str], first: date, last: date) -> None:
    """Keeps what the present state counts of each order, of the models that are to be built anew."""
    connection.execute("create schema before")
    _observe(connection, "before.observed", names, first, last)


def compared(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], marts: Sequence[str], first: date, last: date
) -> dict[str, Any]:
    """The result of a trial from one day to another, both included: KPIs, index, orders, penalties, marts."""
    _observe(connection, "observed", names, first, last)
    connection.execute(_CHANGED)
    has_kpis = "rpt_kpis" in marts
    kpis = _kpis(connection, first, last) if has_kpis else []
    return {
        "kpis": [*kpis, *_measures(connection)],
        "index": _index(connection, first, last) if "rpt_experience_index" in marts else None,
        "penalties": _penalties(connection, first, last) if has_kpis else None,
        "orders": _orders(connection),
        "marts": [_mart(connection, mart) for mart in marts],
    }


_CHANGED = """
    create table changed as
    select
        measure, channel, channel_order_id, observed_on,
        coalesce(was.numerator, 0) as numerator_before, coalesce(was.denominator, 0) as denominator_before,
        coalesce(now.numerator, 0) as numerator_after, coalesce(now.denominator, 0) as denominator_after
    from before.observed as was
    full join observed as now using (measure, channel, channel_order_id, observed_on)
    where (was.numerator, was.denominator) is distinct from (now.numerator, now.denominator)"""

_RATED = f"""
    select
        kpi, any_value(unit) as unit,
        sum(was_n) as was_n, sum(was_d) as was_d, sum(now_n) as now_n, sum(now_d) as now_d,
        list({{'day': cast(period_start as varchar), 'before': was_value, 'after': now_value}}
            order by period_start) filter (was_value is distinct from now_value) as days
    from (
        select
            kpi, period_start, coalesce(was.unit, now.unit) as unit,
            coalesce(was.numerator, 0) as was_n, coalesce(was.denominator, 0) as was_d,
            coalesce(now.numerator, 0) as now_n, coalesce(now.denominator, 0) as now_d,
            was.value as was_value, now.value as now_value
        from (from {PRESENT}.marts.rpt_kpis where period = 'day' and dimension = 'all') as was
        full join (from marts.rpt_kpis where period = 'day' and dimension = 'all') as now
            using (kpi, period_start)
        where period_start between ? and ?
    )
    group by kpi
    having sum(was_n) <> sum(now_n) or sum(was_d) <> sum(now_d) or len(days) > 0
    order by kpi"""


def _observe(
    connection: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], first: date, last: date
) -> None:
    parts = [query for model, query in ON_BOTH_SIDES.items() if model in names]
    nothing = """select '' as measure, '' as channel, '' as channel_order_id,
        date '2000-01-01' as observed_on, 0 as numerator, 0 as denominator where false"""
    connection.execute(
        f"create table {table} as {' union all '.join([*parts, nothing])}", [first, last] * len(parts)
    )


def _kpis(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> list[dict[str, Any]]:
    found = connection.execute(_RATED, [first, last]).fetchall()
    return [
        _moved(kpi, unit, (was_n, was_d), (now_n, now_d), days or [])
        for kpi, unit, was_n, was_d, now_n, now_d, days in found
    ]


def _measures(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """What is counted of orders and is no KPI, where it moved."""
    found = connection.execute("""
        select
            coalesce(was.measure, now.measure), was.n, was.d, now.n, now.d
        from (select measure, sum(numerator) n, sum(denominator) d from before.observed group by all) as was
        full join (select measure, sum(numerator) n, sum(denominator) d from observed group by all) as now
            using (measure)
        where measure = 'response_in_time' and (was.n, was.d) is distinct from (now.n, now.d)
    """).fetchall()
    return [
        _moved(name, "rate", (was_n, was_d), (now_n, now_d), []) for name, was_n, was_d, now_n, now_d in found
    ]


def _moved(
    kpi: str, unit: str, was: Sequence[Any], now: Sequence[Any], days: list[dict[str, Any]]
) -> dict[str, Any]:
    before, after = _side(unit, *was), _side(unit, *now)
    known = before["value"] is not None and after["value"] is not None
    return {
        "kpi": kpi,
        "unit": unit,
        "before": before,
        "after": after,
        "difference": after["value"] - before["value"] if known else None,
        "days": days,
    }


def _side(unit: str, numerator: Any, denominator: Any) -> dict[str, Any]:  # noqa: ANN401 (a number of DuckDB)
    n, d = float(numerator or 0), int(denominator or 0)
    factor = 100 if unit == "points" else 1
    value = (n if unit == "cny" else factor * n / d) if d else None
    return {"numerator": n, "denominator": d, "value": value}


def _index(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> dict[str, Any]:
    """The index of the whole stretch: ratios of the sums, weighed as on its last day; and each day's."""
    sides = {}
    for name, where in (("before", f"{PRESENT}."), ("after", "")):
        sides[name] = connection.execute(
            f"""
            select
                case when count(value) = 5 then 100 * sum(weight * value) end, count(value)
            from (
                select
                    kpi,
                    max_by(weight, period_start) as weight,
                    sum(numerator) / nullif(sum(denominator), 0) as value
                from {where}marts.rpt_experience_index
                where period = 'day' and channel = 'all' and kpi <> 'experience_index'
                    and period_start between ? and ?
                group by kpi
            )""",
            [first, last],
        ).fetchall()[0]
    days = connection.execute(
        f"""
        select cast(period_start as varchar), was.value, now.value
        from {PRESENT}.marts.rpt_experience_index as was
        inner join marts.rpt_experience_index as now using (period, period_start, channel, kpi)
        where period = 'day' and channel = 'all' and kpi = 'experience_index'
            and period_start between ? and ?
        order by period_start""",
        [first, last],
    ).fetchall()
    before, after = sides["before"][0], sides["after"][0]
    return {
        "before": before,
        "after": after,
        "difference": after - before if before is not None and after is not None else None,
        "moves": before != after or any(was != now for _, was, now in days),
        "parts_known": sides["after"][1],
        "days": [{"day": day, "before": was, "after": now} for day, was, now in days],
    }


def _penalties(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> dict[str, Any]:
    """What missed promises cost by the channels' rules; null where no rule is known."""
    found = connection.execute(
        f"""
        select side, sum(numerator) filter (denominator > 0), cast(sum(denominator) as bigint)
        from (
            select 'before' as side, * from {PRESENT}.marts.rpt_kpis
            union all
            select 'after' as side, * from marts.rpt_kpis
        )
        where kpi = 'penalty_by_rule_cny' and period = 'day' and dimension = 'all'
            and period_start between ? and ?
        group by side""",
        [first, last],
    ).fetchall()
    told = {
        side: {"cny": None if cny is None else float(cny), "penalties": count} for side, cny, count in found
    }
    nothing = {"cny": None, "penalties": 0}
    before, after = told.get("before", nothing), told.get("after", nothing)
    return {
        "before": before,
        "after": after,
        "difference_cny": (after["cny"] or 0.0) - (before["cny"] or 0.0),
    }


def _orders(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Orders that change side, counted by measure, and the first of them with their numbers masked."""
    counted = connection.execute("""
        select
            measure, count(*),
            count_if(numerator_after > numerator_before), count_if(numerator_after < numerator_before),
            count_if(denominator_after > denominator_before), count_if(denominator_after < denominator_before)
        from changed group by measure order by measure""").fetchall()
    names = ("measure", "changed", "more", "less", "entered", "left")
    listed = connection.execute(
        """
        select
            measure, channel,
            case
                when length(channel_order_id) > 8
                    then left(channel_order_id, 3) || '****' || right(channel_order_id, 4)
                else left(channel_order_id, 1) || '****'
            end as order_mask,
            cast(observed_on as varchar) as day,
            numerator_before, denominator_before, numerator_after, denominator_after
        from changed
        order by measure, observed_on, channel, channel_order_id
        limit ?""",
        [LISTED_ORDERS],
    )
    columns = [column[0] for column in listed.description or ()]
    rows = [dict(zip(columns, _plain(row), strict=True)) for row in listed.fetchall()]
    return {"measures": [dict(zip(names, row, strict=True)) for row in counted], "listed": rows}


def _mart(connection: duckdb.DuckDBPyConnection, mart: str) -> dict[str, Any]:
    """How many rows of a mart are gone and how many are new; one that changed is both."""
    gone, new = connection.execute(f"""
        select
            (select count(*) from (from {PRESENT}.marts.{mart} except all from marts.{mart})),
            (select count(*) from (from marts.{mart} except all from {PRESENT}.marts.{mart}))
    """).fetchall()[0]
    return {"mart": mart, "rows_gone": gone, "rows_new": new}


def _plain(row: Sequence[Any]) -> list[Any]:
    return [value if isinstance(value, (str, type(None))) else float(value) for value in row]
