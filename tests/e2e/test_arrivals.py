"""What comes in half or hostile: nothing doubles when the whole file follows, no log tells of a person."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest
from integration.orchestration import tiny_exports
from support import hostile, marts
from support.command import luyue, run

from dagster_project import settings as settings_module

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
COUNTS_OF_REFUSALS = ("rpt_kpi_trust", "rpt_quality_findings", "rpt_quality_scores", "rpt_kpi_notes")
"""Marts that may tell of rows that were refused: a cut line was one."""


def test_file_taken_half_by_hand_then_whole_gives_what_the_whole_gives(tmp_path: Path) -> None:
    """A run by hand takes what is there: the cut line is refused, the rest replaced by the whole file's."""
    data, fresh = tmp_path / "data", tmp_path / "fresh"
    tiny_exports.write(data / "landing")
    (path,) = (path for path in (data / "landing").rglob("*.csv") if path.stat().st_size)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    facts = run(data)
    counts = facts["sources"]["luyue_orders"]
    assert 0 < counts["rows_accepted"] < tiny_exports.ORDERS
    assert counts["rows_refused"] == 1, "the cut line"
    path.write_bytes(whole)
    facts = run(data)
    assert facts["sources"]["luyue_orders"]["rows_accepted"] == tiny_exports.ORDERS

    shutil.copytree(data / "keys", fresh / "keys")
    shutil.copytree(data / "landing", fresh / "landing")
    run(fresh)
    found, expected = (_marts(folder) for folder in (data, fresh))
    assert found["fct_orders"].height == tiny_exports.ORDERS
    assert marts.differences(found, expected) == []


def _marts(data: Path) -> dict[str, pl.DataFrame]:
    tables = marts.comparable(marts.read(marts.published_file(data)))
    return {name: frame for name, frame in tables.items() if name not in COUNTS_OF_REFUSALS}


def test_no_log_of_a_run_over_hostile_files_tells_of_the_person(tmp_path: Path) -> None:
    """Dagster's history, dbt's logs, run facts, printed lines: all are read by more people than the vault."""
    settings = settings_module.load(data=tmp_path / "data", env={})
    hostile.write(settings)
    done = luyue("run", "--data", settings.data, cwd=tmp_path)
    assert done.code == 0, done.text[-3000:]
    folders = (settings.dagster_home, settings.data / "dbt", settings.runs)
    texts = dict(hostile.texts_of(*folders)) | {"printed": done.text}
    assert any(name.endswith(".db") for name in texts), "Dagster's history is among them"
    assert hostile.found_in(texts) == []
    published = marts.published_file(settings.data)
    with duckdb.connect(str(published), read_only=True) as connection:
        (count,) = connection.execute("select count(*) from marts.fct_orders").fetchone() or (0,)
    assert count > 0
