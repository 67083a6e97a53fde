# ruff: noqa: E501 (tables as SQL)
"""A trial over hand-made warehouses: the scratch one looks like the present one, and what differs is told.

Does not run dbt: tests/e2e/test_rules.py does, and holds the result against the next run.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dagster_project.lib.rules.trial import comparing, scratch, telling

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 2)
KPIS = "kpi varchar, period varchar, period_start date, dimension varchar, member varchar, numerator decimal(18, 2), denominator bigint, value double, unit varchar"
INDEX = "period varchar, period_start date, channel varchar, kpi varchar, numerator bigint, denominator bigint, value double, weight double"
PARTS = ("a", "b", "c", "d", "e")


@pytest.fixture
def present(tmp_path: Path) -> Path:
    """A warehouse with tables, a view on one, and a view on that view that was made before it."""
    path = tmp_path / "data" / "warehouse.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        for schema in scratch.SCHEMAS:
            connection.execute(f"create schema {schema}")
        connection.execute(f"create table marts.rpt_kpis ({KPIS})")
        connection.execute(f"create table marts.rpt_experience_index ({INDEX})")
        connection.executemany(
            "insert into marts.rpt_kpis values (?, 'day', ?, 'all', 'all', ?, ?, ?, ?)",
            [
                ("on_time", FIRST, 8, 10, 0.8, "rate"),
                ("on_time", LAST, 9, 10, 0.9, "rate"),
                ("on_time", date(2025, 12, 31), 0, 10, 0.0, "rate"),
                ("still", FIRST, 1, 2, 0.5, "rate"),
                ("penalty_by_rule_cny", FIRST, 30, 10, 30.0, "cny"),
            ],
        )
        connection.executemany(
            "insert into marts.rpt_experience_index values ('day', ?, 'all', ?, 1, 2, 0.5, 0.2)",
            [(LAST, part) for part in PARTS],
        )
        connection.execute(
            "insert into marts.rpt_experience_index values ('day', ?, 'all', 'experience_index', 5, 5, 50, 1)",
            [LAST],
        )
        connection.execute(
            "create table intermediate.counted as select 'on_time' as kpi, 'jd' as channel, 'A0123456789' as channel_order_id, ?::date as observed_on, 1 as numerator, 1 as denominator",
            [FIRST],
        )
        connection.execute("create view intermediate.earlier as select * from intermediate.counted")
        connection.execute(
            "create view intermediate.int_kpis__weighed as select * from warehouse.intermediate.earlier"
        )
        connection.execute(
            "create or replace view intermediate.earlier as select * from intermediate.counted where true"
        )
        connection.execute("create schema increments")
        connection.execute("create table increments.news as from intermediate.counted")
        connection.execute("create view intermediate.of_an_increment as from increments.news")
    return path


def _opened(tmp_path: Path, present: Path) -> duckdb.DuckDBPyConnection:
    (tmp_path / "scratch").mkdir()
    return scratch.opened(tmp_path / "scratch" / "warehouse.duckdb", present)


def test_the_scratch_looks_like_the_present_and_leaves_it_alone(tmp_path: Path, present: Path) -> None:
    """What is put in the scratch warehouse stands in front; views read it, and the present file stays as it is."""
    before = hashlib.sha256(present.read_bytes()).hexdigest()
    with _opened(tmp_path, present) as connection:
        scratch.mirror(connection)
        with pytest.raises(duckdb.CatalogException):
            connection.sql("from intermediate.of_an_increment")
        assert connection.sql("from intermediate.int_kpis__weighed").fetchall()[0][:3] == (
            "on_time",
            "jd",
            "A0123456789",
        )
        scratch.release(connection, ["counted"])
        connection.execute(
            "create table intermediate.counted as select * replace ('tm' as channel) from present.intermediate.counted"
        )
        assert connection.sql("select channel from intermediate.int_kpis__weighed").fetchall() == [("tm",)]
    assert hashlib.sha256(present.read_bytes()).hexdigest() == before


def test_what_moves_is_told_and_what_does_not_is_not(tmp_path: Path, present: Path) -> None:
    """Of the days asked for alone; rates over days are ratios of the sums; orders are counted and masked."""
    names = ["int_kpis__weighed"]
    with _opened(tmp_path, present) as connection:
        scratch.mirror(connection)
        comparing.keep_before(connection, names, FIRST, LAST)
        scratch.release(connection, ["rpt_kpis", "rpt_experience_index", "counted"])
        connection.execute(f"""
            create table marts.rpt_kpis as select * replace (
                case when kpi = 'on_time' and period_start <> date '{LAST}' then 4 else numerator end as numerator,
                case when kpi = 'on_time' and period_start <> date '{LAST}' then 0.4 else value end as value
            ) from present.marts.rpt_kpis""")
        connection.execute("""
            create table marts.rpt_experience_index as select * replace (
                case when kpi = 'a' then 2 else numerator end as numerator,
                case when kpi = 'experience_index' then 60 else value end as value
            ) from present.marts.rpt_experience_index""")
        connection.execute(
            "create table intermediate.counted as select * replace (0 as numerator) from present.intermediate.counted"
        )
        result = comparing.compared(connection, names, ["rpt_kpis", "rpt_experience_index"], FIRST, LAST)
    (moved,) = result["kpis"]
    assert (moved["kpi"], moved["before"]["value"], moved["after"]["value"]) == ("on_time", 0.85, 0.65)
    assert moved["days"] == [{"day": "2026-01-01", "before": 0.8, "after": 0.4}]
    assert (result["index"]["before"], result["index"]["after"]) == (50, pytest.approx(60))
    assert result["index"]["moves"]
    assert result["penalties"]["before"] == {"cny": 30.0, "penalties": 10} == result["penalties"]["after"]
    assert result["orders"]["measures"] == [
        {"measure": "on_time", "changed": 1, "more": 0, "less": 1, "entered": 0, "left": 0}
    ]
    assert result["orders"]["listed"][0]["order_mask"] == "A01****6789"
    assert {mart["mart"]: mart["rows_new"] for mart in result["marts"]} == {
        "rpt_kpis": 2,
        "rpt_experience_index": 2,
    }
    facts = {"kind": "k", "changes": "c", "valid_from": "d", "first_day": "d", "last_day": "d", "as_of": "t"}
    lines = telling.lines({**facts, **result})
    assert "experience_index: 50.00 → 60.00 (+10.00)" in lines
    assert not [line for line in lines if line.startswith("no KPI")]
    alone = telling.lines({**facts, **result, "kpis": []})
    assert "no KPI moves but the index, by its weights" in alone, "never beside a moved index: no KPI moves"
    still = telling.lines({**facts, **result, "kpis": [], "index": {**result["index"], "moves": False}})
    assert "no KPI moves" in still
    assert "on_time: 85.00 % → 65.00 % (-20.00 pp)" in lines
    assert "  on_time jd A01****6789 2026-01-01: 1/1 → 0/1" in lines
