"""The truth of the KPIs beside the index: its boundaries, and that a difference from it is named."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest
from support.kpi_truth import compare_further, compare_lags

from dagster_project.demo.truth import further, kpis

SEED = Path(__file__).resolve().parents[3] / "dbt" / "seeds" / "kpis.csv"
NOT_WORKED_OUT = {"match_precision", "match_recall"}
"""What tells of the project itself."""
NEEDS_MORE_DAYS = {"high_value_lost_rate"}
"""Thirty days must have passed since a promise: more than the small world has."""


def test_a_difference_in_a_kpi_or_a_percentile_is_named(small_demo: Path, tmp_path: Path) -> None:
    """The comparisons that other tests lean on must be able to fail."""
    truth = small_demo / "truth"
    counted = pl.read_parquet(truth / "further_kpis.parquet").with_columns(unit=pl.lit("rate"))
    file = tmp_path / "serving.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.rpt_kpis as select kpi, 'day' as period, day as period_start, "
            "channel as member, case channel when 'all' then 'all' else 'channel' end as dimension, "
            "unit, numerator, denominator from counted"
        )
        assert len(counted)
    assert compare_further(file, truth) == []
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "update marts.rpt_kpis set numerator = numerator + 1 where rowid = "
            "(select min(rowid) from marts.rpt_kpis where member = 'all' and kpi = 'nps')"
        )
        for table, extra in (
            ("rpt_sync_lag", ", channel varchar, event_code varchar"),
            ("rpt_stock_sync_lag", ", channel varchar"),
            ("rpt_position_lag", ""),
        ):
            connection.execute(
                f"create table marts.{table} (period varchar, period_start date, denominator bigint, "
                f"p50_seconds double, p95_seconds double, p99_seconds double{extra})"
            )
    (line,) = compare_further(file, truth)
    assert line.startswith("nps ")
    missing = compare_lags(file, truth)
    assert {line.split(":")[0] for line in missing} == {
        "rpt_sync_lag",
        "rpt_stock_sync_lag",
        "rpt_position_lag",
    }


@pytest.mark.parametrize(
    ("paid", "tier"),
    [(299_999, "medium"), (300_000, "high"), (49_999, "low"), (50_000, "medium"), (1, "low"), (0, "none")],
)
def test_a_tier_begins_at_its_amount(paid: int, tier: str) -> None:
    """3,000 CNY sharp is high, 500 CNY sharp is medium."""
    orders = pl.DataFrame(
        {"owner": [1], "paid_at": [1], "closed_at": [None], "paid_amount": [paid]},
        schema_overrides={"closed_at": pl.Int64},
    )
    assert further.tiers(orders)["tier"].to_list() == [tier]


def test_every_kpi_beside_the_index_has_a_population(small_demo: Path) -> None:
    """A KPI of which the world has nothing to count would be equal to anything."""
    truth = pl.read_parquet(small_demo / "truth" / "further_kpis.parquet")
    counted = truth.filter((pl.col("channel") == "all") & (pl.col("denominator") > 0))
    assert set(counted["kpi"]) == set(truth["kpi"])
    named = pl.read_csv(SEED)["kpi"].to_list()
    assert set(truth["kpi"]) == set(named) - set(kpis.PARTS) - NOT_WORKED_OUT - NEEDS_MORE_DAYS
