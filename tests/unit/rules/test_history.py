# ruff: noqa: E501 (tables as SQL)
"""What a run publishes is kept by run, and what the next one compares with is replaced."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from dagster_project import settings as settings_module
from dagster_project.lib import history
from dagster_project.settings import Settings

FIGURES = "period varchar, period_start date, numerator bigint, denominator bigint, value double, coverage double, status varchar"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    loaded = settings_module.load(data=tmp_path / "data", env={})
    loaded.data.mkdir()
    with duckdb.connect(str(loaded.warehouse)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_published__things as select timestamp '2026-01-02' as as_of, 'k' as kpi"
        )
    return loaded


def _published(folder: Path, value: float, steps: list[str]) -> Path:
    path = folder / f"serve_{value}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            f"create table marts.rpt_experience_index (kpi varchar, channel varchar, {FIGURES})"
        )
        connection.execute(f"create table marts.rpt_kpis (kpi varchar, dimension varchar, {FIGURES})")
        for row in ("'part', 'all', 'day'", "'part', 'jd', 'day'", "'part', 'all', 'week'"):
            connection.execute(
                f"insert into marts.rpt_experience_index values ({row}, '2026-01-01', 1, 2, {value}, 1, 'ok')"
            )
        for row in ("'part', 'all', 'day'", "'nps', 'all', 'total'", "'nps', 'channel', 'day'"):
            connection.execute(
                f"insert into marts.rpt_kpis values ({row}, '2026-01-01', 1, 2, {value}, 1, 'ok')"
            )
        connection.execute(
            "create table marts.rpt_restatements (published_run_id varchar, points decimal(18, 9))"
        )
        connection.execute("insert into marts.rpt_restatements select unnest(?::varchar[]), 1", [steps])
    return path


def test_each_run_keeps_its_figures_and_its_own_steps(settings: Settings, tmp_path: Path) -> None:
    """Each figure once, by day and in total, a part's of each channel; earlier steps stay where they were."""
    history.keep(settings, "run1", _published(tmp_path, 0.5, []))
    history.keep(settings, "run2", _published(tmp_path, 0.6, ["run1", "run1", "run0"]))
    place = history.folder(settings)
    values = pl.read_parquet(place / "values" / "*.parquet")
    kept = values.filter(run_id="run1").select("kpi", "period", "channel", "value").sort("kpi", "channel")
    assert kept.rows() == [
        ("nps", "total", "all", 0.5),
        ("part", "day", "all", 0.5),
        ("part", "day", "jd", 0.5),
    ]
    assert values.filter(run_id="run2")["value"].unique().to_list() == [0.6]
    steps = pl.read_parquet(place / "steps" / "*.parquet")
    assert steps["published_run_id"].to_list() == ["run1", "run1"], "not those of runs before"
    assert pl.read_parquet(place / "things.parquet")["run_id"].to_list() == ["run2"]
    assert not list(place.rglob("*.tmp"))
