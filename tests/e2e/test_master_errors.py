"""The demo merchant's master data against what is known to be wrong in them."""

from __future__ import annotations

from datetime import datetime

import duckdb
import polars as pl
import pytest
from support import marts
from support.demo_run import DemoRun

from dagster_project import settings as settings_module
from dagster_project.lib import ledger
from dagster_project.lib.quality.newest import newest

JUDGED = ("sku", "sku_alias", "carrier", "warehouse", "store", "resource")
KEYS = ["entity", "record_key", "rule_code"]


def test_every_injected_error_is_found_and_nothing_else(demo_run: DemoRun) -> None:
    """Bars: 98 % found, 1 % false. Versions of a record have its errors: what follows `@` is left out."""
    found = marts.read(marts.published_file(demo_run.data))["rpt_quality_findings"]
    mine = found.filter(pl.col("entity").is_in(JUDGED)).with_columns(
        pl.col("record_key").str.replace("@.*$", "")
    )
    true = pl.read_parquet(demo_run.truth / "master_errors.parquet")
    assert true.height >= 55
    missed = true.join(mine, on=KEYS, how="anti")
    false = mine.join(true, on=KEYS, how="anti")
    assert missed.rows() == []
    assert false.select(KEYS).rows() == []


@pytest.mark.parametrize("feed", ["skus", "sku_aliases", "carrier_areas", "warehouses", "resources"])
def test_the_rows_that_suites_see_are_those_of_dbt(demo_run: DemoRun, feed: str) -> None:
    """The rule of the newest row stands twice; here both are held against each other, row by row."""
    settings = settings_module.load(data=demo_run.data, env={})
    as_of = datetime.fromisoformat(demo_run.facts["as_of"])
    ours = newest(settings, feed, ledger.read(settings).entries, as_of).drop("key_doubled")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        theirs = connection.sql(f"select * from intermediate.int_{feed}__deduplicated").pl()
    columns = [name for name in ours.columns if name in theirs.columns]
    assert len(columns) >= 4
    left, right = (
        frame.select(columns).cast(pl.String).sort(columns, nulls_last=True) for frame in (ours, theirs)
    )
    assert left.height > 0
    assert left.equals(right, null_equal=True)


def test_spellings_of_a_division_are_found_with_what_they_stand_for(demo_run: DemoRun) -> None:
    """浦东 for 浦东新区, 浙江 for 浙江省: each division under its code, its orders counted."""
    found = marts.read(marts.published_file(demo_run.data))["rpt_quality_findings"]
    provinces = found.filter(rule_code="province_spellings")
    assert provinces.filter(pl.col("record_key").str.ends_with("0000")).height == provinces.height > 0
    assert provinces.filter(pl.col("suggestion").is_null()).height == 0
    assert provinces["orders_touched"].min() > 0
