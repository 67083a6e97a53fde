"""The ledger in one frame: what is new is opened, what was lost or damaged is found."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest
from support.ingest_files import DOUYIN, csv_bytes, put

from dagster_project import settings as settings_module
from dagster_project.lib import batches, ledger
from dagster_project.lib.ingest import ingest
from dagster_project.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Two files of orders, one with an unknown state and a refused row; a refused file."""
    made = settings_module.load(data=tmp_path / "data", env={})
    rows = [DOUYIN, DOUYIN | {"商品数量": "-1"}, DOUYIN | {"订单状态": "云端冻结"}]
    put(made, "douyin_orders", "1700000000_a.csv", csv_bytes(rows))
    put(made, "douyin_orders", "1700000100_b.csv", csv_bytes([DOUYIN]))
    put(made, "douyin_orders", "1700000200_c.csv", b"")
    ingest(made)
    return made


def _lake_files(settings: Settings) -> list[Path]:
    """Those of the orders, fewest rows first."""
    files = (settings.lake / "orders").glob("source=*/batch=*.parquet")
    return sorted(files, key=lambda path: pl.read_parquet(path).height)


def test_entries_tell_what_was_taken_and_found(settings: Settings) -> None:
    taken = ledger.refresh(settings)
    rows = taken.entries.select("state", "rows_accepted", "lake_rows", "had_vault", "has_vault").rows()
    assert rows == [
        ("accepted", 2, 2, True, True),
        ("accepted", 1, 1, True, True),
        ("refused", 0, None, False, False),
    ]
    assert batches.accounting_gaps(taken) == []
    assert batches.unknown_states(taken.entries, "orders") == {"douyin_orders: 云端冻结": 1}
    assert batches.rows_by_feed(taken.entries) == {"orders": 3}
    facts = batches.facts_by_feed(taken.entries, taken.entries["batch_id"].to_list())["orders"]
    assert (facts["files"], facts["files_refused"], facts["rows_read"], facts["rows_refused"]) == (3, 1, 4, 1)
    assert any("云端冻结" in text for text in facts["notices"])


def test_only_what_changed_is_opened(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.refresh(settings)
    opened: list[str] = []
    real = ledger._rows_of
    monkeypatch.setattr(ledger, "_rows_of", lambda path: opened.append(path.name) or real(path))
    copy = (settings.lake / ledger.FILE).read_bytes()
    before = ledger.refresh(settings)
    assert opened == []
    assert (settings.lake / ledger.FILE).read_bytes() == copy
    put(settings, "douyin_orders", "1700000300_d.csv", csv_bytes([DOUYIN, DOUYIN]))
    ingest(settings)
    assert ledger.refresh(settings).entries.height == before.entries.height + 1
    assert len(opened) == 1
    ledger.refresh(settings, anew=True)
    assert len(opened) == 1 + 3


@pytest.mark.parametrize("damage", ["lost copy", "empty", "half"])
def test_copy_is_not_needed(settings: Settings, damage: str) -> None:
    before = ledger.refresh(settings)
    copy = settings.lake / ledger.FILE
    content = copy.read_bytes()
    copy.unlink()
    if damage != "lost copy":
        copy.write_bytes(content[: len(content) // 2 if damage == "half" else 0])
    assert ledger.refresh(settings).entries.equals(before.entries)


def test_lost_lake_file_is_found(settings: Settings) -> None:
    ledger.refresh(settings)
    _lake_files(settings)[0].unlink()
    (gap,) = batches.accounting_gaps(ledger.refresh(settings))
    assert gap.endswith(", but its lake file is gone")
    assert "douyin_orders/1700000" in gap


@pytest.mark.parametrize("kept", [0, 0.5, 0.95])
def test_cut_lake_file_is_found_not_raised(settings: Settings, kept: float) -> None:
    ledger.refresh(settings)
    path = _lake_files(settings)[-1]
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    (gap,) = batches.accounting_gaps(ledger.refresh(settings))
    assert gap.endswith("its lake file cannot be read")
    path.write_bytes(whole)
    assert batches.accounting_gaps(ledger.refresh(settings)) == []


def test_lake_file_with_other_rows_is_found(settings: Settings) -> None:
    ledger.refresh(settings)
    path = _lake_files(settings)[-1]
    pl.read_parquet(path).head(1).write_parquet(path)
    (gap,) = batches.accounting_gaps(ledger.refresh(settings))
    assert gap.endswith("3 rows read, 2 accepted, 1 refused, 0 totals, 1 in lake")


def test_changed_in_place_is_found_by_the_full_proof(settings: Settings) -> None:
    """Same size and time deceive the quick look; `--full-refresh` opens every footer."""
    ledger.refresh(settings)
    path = _lake_files(settings)[-1]
    stat, content = path.stat(), path.read_bytes()
    path.write_bytes(content[:-8] + b"XXXXXXXX")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert batches.accounting_gaps(ledger.refresh(settings)) == []
    assert len(batches.accounting_gaps(ledger.refresh(settings, anew=True))) == 1


def test_lost_vault_file_and_stray_lake_file_are_found(settings: Settings) -> None:
    ledger.refresh(settings)
    next((settings.vault / "orders").glob("*.parquet")).unlink()
    path = _lake_files(settings)[0]
    path.with_name("batch=feedfeedfeedfeed.parquet").write_bytes(path.read_bytes())
    gaps = batches.accounting_gaps(ledger.refresh(settings))
    assert gaps[0].endswith("its vault file is gone")
    assert "feedfeedfeedfeed" in gaps[1]


def test_rows_that_do_not_add_up_are_found(settings: Settings) -> None:
    path = sorted((settings.lake / "_batches").glob("[!_]*.parquet"))[0]
    pl.read_parquet(path).with_columns(pl.col("rows_read") + 1).write_parquet(path)
    assert len(batches.accounting_gaps(ledger.read(settings))) >= 1


def test_unknown_states_are_kept_as_json(settings: Settings) -> None:
    texts = ledger.read(settings).entries["unknown_states"].drop_nulls().to_list()
    assert sorted(map(json.dumps, map(json.loads, texts))) == sorted(["{}", json.dumps({"云端冻结": 1})])
