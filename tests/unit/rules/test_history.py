# ruff: noqa: E501 (tables as SQL)
"""What a run publishes is kept by run, and what the next one compares with is replaced."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest
from support.as_published import as_published

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


def _published(folder: Path, value: float, steps: list[str], beside: tuple[str, ...] = ()) -> Path:
    path = folder / f"serve_{value}_{len(beside)}_{''.join(beside)[1:4]}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            f"create table marts.rpt_experience_index (kpi varchar, channel varchar, {FIGURES})"
        )
        connection.execute(
            f"create table marts.rpt_kpis (kpi varchar, dimension varchar, member varchar, {FIGURES})"
        )
        for row in ("'part', 'all', 'day'", "'part', 'jd', 'day'", "'part', 'all', 'week'"):
            connection.execute(
                f"insert into marts.rpt_experience_index values ({row}, '2026-01-01', 1, 2, {value}, 1, 'ok')"
            )
        for row in (
            "'part', 'all', 'all', 'day'",
            "'nps', 'all', 'all', 'total'",
            "'nps', 'channel', 'jd', 'day'",
            "'nps', 'province', '31', 'day'",
            *beside,
        ):
            connection.execute(
                f"insert into marts.rpt_kpis values ({row}, '2026-01-01', 1, 2, {value}, 1, 'ok')"
            )
        connection.execute(
            "create table marts.rpt_restatements (published_run_id varchar, points decimal(18, 9))"
        )
        connection.execute("insert into marts.rpt_restatements select unnest(?::varchar[]), 1", [steps])
    return path


def _kept(place: Path, run_id: str) -> list[tuple[object, ...]]:
    frame = pl.read_parquet(place / "values" / f"{run_id}.parquet")
    return (
        frame.select("kpi", "period", "channel", "value", "status", "is_whole").sort("kpi", "channel").rows()
    )


def test_each_run_keeps_its_figures_and_its_own_steps(settings: Settings, tmp_path: Path) -> None:
    """Each figure once, by day and in total, for all channels and each; earlier steps stay where they were."""
    history.keep(settings, "run1", _published(tmp_path, 0.5, []))
    place = history.folder(settings)
    assert _kept(place, "run1") == [
        ("nps", "total", "all", 0.5, "ok", True),
        ("nps", "day", "jd", 0.5, "ok", True),
        ("part", "day", "all", 0.5, "ok", True),
        ("part", "day", "jd", 0.5, "ok", True),
    ]
    history.keep(settings, "run2", _published(tmp_path, 0.6, ["run1", "run1", "run0"]))
    assert {row[3] for row in _kept(place, "run2")} == {0.6}
    steps = pl.read_parquet(place / "steps" / "*.parquet")
    assert steps["published_run_id"].to_list() == ["run1", "run1"], "not those of runs before"
    assert pl.read_parquet(place / "things.parquet")["run_id"].to_list() == ["run2"]
    assert not list(place.rglob("*.tmp"))


def test_a_run_keeps_what_it_publishes_otherwise(settings: Settings, tmp_path: Path) -> None:
    """What stands as before is not kept again; what is no longer published is gone, a new one new; all that a run
    published can be told again from the last whole file on, those of a former version among them."""
    first = _published(tmp_path, 0.5, [], beside=("'lost', 'all', 'all', 'day'",))
    second = _published(tmp_path, 0.50, [], beside=("'won', 'all', 'all', 'day'",))
    history.keep(settings, "run1", first)
    history.keep(settings, "run2", second)
    place = history.folder(settings)
    assert _kept(place, "run2") == [
        ("lost", "day", "all", None, "gone", False),
        ("won", "day", "all", 0.5, "ok", False),
    ]
    former = pl.read_parquet(place / "values" / "run1.parquet").drop("is_whole")
    former.write_parquet(place / "values" / "run1.parquet")
    for run_id, published in (("run1", first), ("run2", second)):
        told = as_published(place, run_id)
        with duckdb.connect(str(published), read_only=True) as connection:
            kpis = connection.sql("select kpi from marts.rpt_kpis where dimension <> 'province'").fetchall()
        assert set(told["kpi"]) == {kpi for (kpi,) in kpis}, run_id
