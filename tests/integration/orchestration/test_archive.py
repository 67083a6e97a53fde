"""Taken files leave landing/ once their batch is committed, are found by content, and go after N days."""

from __future__ import annotations

import errno
import stat
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from support.ingest_files import DOUYIN, csv_bytes, put

from dagster_project import settings as settings_module
from dagster_project.lib import archive
from dagster_project.lib.archive import Moved
from dagster_project.lib.ingest import ingest, scan
from dagster_project.lib.ingest.originals import Originals
from dagster_project.settings import Settings

TODAY = date(2026, 2, 1)
GOOD, OTHER = csv_bytes([DOUYIN]), csv_bytes([DOUYIN | {"商品数量": "2"}])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """One good file with its marker, one in a folder below, one refused."""
    made = settings_module.load(data=tmp_path / "data", env={"LUYUE_ARCHIVE": "30"})
    put(made, "douyin_orders", "1700000000_a.csv", GOOD)
    put(made, "douyin_orders", "1700000000_a.csv.done", b"")
    put(made, "douyin_orders", "shop 1/1700000100_b.csv", OTHER)
    put(made, "douyin_orders", "1700000200_c.csv", b"")
    ingest(made)
    return made


def _refused(settings: Settings) -> set[str]:
    return {file.batch_id for name, file in scan(settings).unchanged.items() if name.endswith("_c.csv")}


def _sweep(settings: Settings, today: date = TODAY) -> Moved:
    return archive.sweep(settings, scan(settings), _refused(settings), today)


def _landed(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.landing.rglob("*") if path.is_file())


def _archived(settings: Settings) -> list[Path]:
    return sorted(path for path in settings.archive.rglob("*") if path.is_file())


def test_taken_files_move_and_refused_ones_stay_to_be_mended(settings: Settings) -> None:
    assert _sweep(settings) == Moved(2, 0, ())
    assert _landed(settings) == ["1700000200_c.csv"]
    files = _archived(settings)
    assert {path.read_bytes() for path in files} == {GOOD, OTHER}
    assert {path.parent for path in files} == {settings.archive / "douyin_orders" / "2026-02-01"}
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert all(stat.S_IMODE(p.stat().st_mode) == 0o700 for p in (path.parent, settings.archive))
    assert ingest(settings).sources == {}
    assert _sweep(settings) == Moved(0, 0, ())


def test_left_in_landing_unless_asked(settings: Settings) -> None:
    assert archive.sweep(replace(settings, archive_days=None), scan(settings), (), TODAY) == Moved(0, 0, ())
    assert len(_landed(settings)) == 4
    assert not settings.archive.exists()


def test_refused_files_move_too_where_asked(settings: Settings) -> None:
    assert _sweep(replace(settings, archive_refused=True)).moved == 3
    assert _landed(settings) == []


def test_replay_finds_an_archived_file_by_its_content(settings: Settings) -> None:
    content = {name: file.batch_id for name, file in scan(settings).unchanged.items()}
    _sweep(settings)
    name = "douyin_orders/shop 1/1700000100_b.csv"
    found = Originals(settings).find("douyin_orders", name, content[name])
    assert found is not None
    assert found.path.read_bytes() == OTHER


def test_file_that_comes_again_is_skipped_and_archived_again(settings: Settings) -> None:
    _sweep(settings)
    put(settings, "douyin_orders", "1700000000_a.csv", GOOD)
    result = ingest(settings)
    assert result.sources.get("douyin_orders", {}).get("rows_accepted", 0) == 0
    assert _sweep(settings).moved == 1
    assert len(_archived(settings)) == 2


def test_kept_for_its_days_then_deleted(settings: Settings) -> None:
    _sweep(settings)
    assert _sweep(settings, TODAY + timedelta(days=30)).deleted == 0
    assert _sweep(settings, TODAY + timedelta(days=31)).deleted == 2
    assert _archived(settings) == []
    assert ingest(settings).sources == {}, "the ledger knows them still"


def test_file_that_changes_meanwhile_stays(settings: Settings) -> None:
    found = scan(settings)
    path = settings.landing / "douyin_orders" / "1700000000_a.csv"
    path.write_bytes(OTHER + b"\n")
    assert archive.sweep(settings, found, _refused(settings), TODAY).moved == 1
    assert path.read_bytes() == OTHER + b"\n"
    assert ingest(settings).sources["douyin_orders"]["files"] == 1, "what it holds now is taken"


def test_archive_on_another_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.is_relative_to(settings.landing):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    assert _sweep(settings).moved == 2
    assert {path.read_bytes() for path in _archived(settings)} == {GOOD, OTHER}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in _archived(settings))
    assert _landed(settings) == ["1700000200_c.csv"]


def test_landing_that_may_not_be_changed_is_a_notice(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rename(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "rename", rename)
    moved = _sweep(settings)
    assert moved.moved == 0
    assert "douyin_orders/1700000000_a.csv: not archived: Permission denied" in moved.notices


def test_very_long_name(settings: Settings) -> None:
    put(settings, "douyin_orders", f"{'长' * 80}.csv", csv_bytes([DOUYIN | {"商品数量": "3"}]))
    ingest(settings)
    assert _sweep(settings).moved == 3
    assert any(path.name.endswith("长.csv") for path in _archived(settings))
