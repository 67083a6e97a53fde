"""SQL of a page reads marts and nothing else, however it is written."""

from __future__ import annotations

import pytest

from app.access.guard import ForbiddenSqlError, tables_of


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("select 1 as n", set()),
        ("select * from marts.fct_orders", {"fct_orders"}),
        ("select * from MARTS.Fct_Orders", {"fct_orders"}),
        ("with a as (select * from marts.x) select * from a, A as b", {"x"}),
        ("select * from (select 1 where exists (select 1 from marts.y)) as t", {"y"}),
        ("select * from marts.x union all select * from marts.z", {"x", "z"}),
        ("select u from marts.x, unnest(x.channels) as t(u)", {"x"}),
    ],
)
def test_the_marts_of_a_select_are_named(sql: str, tables: set[str]) -> None:
    """Passes if subqueries, common table expressions and unions all count."""
    assert tables_of(sql) == tables


@pytest.mark.parametrize(
    "sql",
    [
        "select * from raw_1.marts.fct_orders",
        "select * from fct_orders",
        "select * from duckdb_tables()",
        "select * from duckdb_databases",
        "select * from information_schema.tables",
        "select * from query_table('raw_1.marts.fct_orders')",
        "select * from query('select * from raw_1.marts.fct_orders')",
        "select * from read_parquet('/tmp/x.parquet')",
        "select * from '/etc/passwd'",
        "from read_text('/etc/passwd')",
        "select * from marts.x where exists (select 1 from read_csv('/etc/passwd'))",
        "select (select content from read_text('/etc/passwd')) as t from marts.x",
        "attach '/tmp/x' as y",
        "copy marts.x to '/tmp/out.csv'",
        "set enable_external_access = true",
        "drop table marts.x",
        "select 1; select 2",
        "describe marts.x",
        "show tables",
        "not sql at all",
    ],
)
def test_anything_else_is_refused(sql: str) -> None:
    """Passes if no other schema, database, file, function or statement gets through."""
    with pytest.raises(ForbiddenSqlError):
        tables_of(sql)
