"""The line that people read of a test that did not pass."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagster_project.lib import claims
from dagster_project.lib.dbt_project import NodeResult


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A table of three rows."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table t as select unnest([1, 2, 2]) as n")
    return path


def said(query: str, warehouse: Path) -> str:
    """What is said of a failed test with this SQL."""
    return claims.line(NodeResult("t_is_sound", True, "failed", "t_is_sound: 2 rows", query), warehouse)


def test_each_claim_that_failed_is_said_in_words(warehouse: Path) -> None:
    """Who gets the line must know what to mend, and how much of it."""
    query = """
        select 'n occur more than once' as claim, count(*) - count(distinct n) as row_count from t
        union all select 'n is none of 1', count(*) from t where n <> 1
    """
    line = said(query, warehouse)
    assert line == "t_is_sound: n occur more than once (1 row); n is none of 1 (2 rows)"


@pytest.mark.parametrize("query", ["select n, 1 as row_count from t", "select n from gone", ""])
def test_rows_of_the_merchant_are_counted_and_not_shown(warehouse: Path, query: str) -> None:
    """Only claims are words of ours; and a query that no longer runs costs no more than its words."""
    assert said(query, warehouse) == "t_is_sound: 2 rows"
