"""Part of the work: the files of some feeds, one source's day again, and the archive within a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from support.ingest_files import DOUYIN, EVENT, csv_bytes, put

from dagster_project import settings as settings_module
from dagster_project.lib import backfill, due, stages
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest import ingest, scan
from dagster_project.lib.session import open_session
from dagster_project.settings import Settings

UNKNOWN = DOUYIN | {"订单状态": "云端冻结", "子订单编号": "6917930000000000999"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Orders of two days, and events; a folder for contracts of the test's own."""
    made = settings_module.load(data=tmp_path / "data", channels=[tmp_path / "channels"], env={})
    put(made, "douyin_orders", "1767225600_a.csv", csv_bytes([DOUYIN, UNKNOWN]))
    put(made, "douyin_orders", "1767312000_b.csv", csv_bytes([UNKNOWN | {"商品数量": "2"}]))
    put(made, "luyue_order_events", "luyue_order_events_20260101080000.csv", csv_bytes([EVENT]))
    return made


def _mend(settings: Settings) -> None:
    """A contract of one's own in place of the built-in one, which knows the state."""
    built_in, own = settings.channels[0] / "douyin_orders", settings.channels[1] / "douyin_orders"
    own.mkdir(parents=True)
    for path in built_in.iterdir():
        own.joinpath(path.name).write_bytes(path.read_bytes())
    text = (own / "contract.yml").read_text("utf-8")
    assert "已发货: " in text
    mended = text.replace("已发货: ", "云端冻结: on_hold\n      已发货: ", 1)
    (own / "contract.yml").write_text(mended, "utf-8")


def _states(settings: Settings) -> dict[str, list[str]]:
    rows = pl.read_parquet(sorted((settings.lake / "orders").glob("source=*/*.parquet")))
    states = (
        rows.sort("source_file", "source_line").group_by("source_file", maintain_order=True).agg("status")
    )
    return {name.rpartition("/")[2]: found for name, found in states.iter_rows()}


def test_feeds_alone_leave_the_other_files_for_later(settings: Settings) -> None:
    part = backfill.of_feeds(settings, scan(settings), ["order_events"])
    assert list(ingest(settings, part).sources) == ["luyue_order_events"]
    assert [file.source for file in scan(settings).new] == ["douyin_orders"] * 2
    assert list(ingest(settings).sources) == ["douyin_orders"]


def test_one_source_and_day_is_taken_again_and_a_run_is_due(settings: Settings) -> None:
    ingest(settings)
    before = due.consumed_fingerprint(settings)
    _mend(settings)
    said: list[str] = []
    counts = backfill.retake_day(settings, "douyin_orders", date(2026, 1, 1), say=said.append)
    assert counts == {"retaken": 1}
    assert said == ["douyin_orders/1767225600_a.csv: retaken, 2 rows accepted, 2 before"]
    states = _states(settings)
    assert "unknown" not in states["1767225600_a.csv"]
    assert states["1767312000_b.csv"] == ["unknown"], "the other day stays"
    assert due.consumed_fingerprint(settings) != before
    assert backfill.retake_day(settings, "douyin_orders", date(2026, 1, 1), say=said.append) == {
        "unchanged": 1
    }


def test_day_without_files_is_said(settings: Settings) -> None:
    ingest(settings)
    with pytest.raises(LuyueError, match="jd_orders: no file of it that was exported on 2026-01-01"):
        backfill.retake_day(settings, "jd_orders", date(2026, 1, 1), say=lambda text: None)


def test_run_archives_what_it_took_and_an_archived_day_can_be_taken_again(settings: Settings) -> None:
    archiving = replace(settings, archive_days=30)
    put(settings, "douyin_orders", "1767312001_empty.csv", b"")
    said: list[str] = []
    with open_session(archiving, say=said.append) as session:
        stages.ingest(session)
    assert "ingest     3 files archived, 0 deleted after their time" in said
    landed = [path.name for path in settings.landing.rglob("*") if path.is_file()]
    assert landed == ["1767312001_empty.csv"], "a refused file stays to be mended"
    assert session.facts.sources["douyin_orders"]["files"] == 3
    _mend(settings)
    assert backfill.retake_day(archiving, "douyin_orders", date(2026, 1, 2), say=said.append)["retaken"] >= 1
    assert _states(settings)["1767312000_b.csv"] != ["unknown"]
