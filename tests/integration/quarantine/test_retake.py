"""A file taken again under a mended contract replaces what it was: nothing doubles, nothing is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from support.ingest_files import csv_bytes, put, settings

from dagster_project.lib import due
from dagster_project.lib.ingest import ingest, list_quarantine, scan
from dagster_project.lib.ingest.retake import Retaken, retake
from dagster_project.lib.ingest.scanning import taken_batches
from dagster_project.lib.ingest.store import Store, read_ledger
from dagster_project.settings import Settings
from identity import vault

CONTRACT = """\
version: 1
source: my_shop
feed: orders
channel: my_shop
grain: line
owner: me
name: {zh: 我的店, en: my shop}
required: [channel_order_id]
helpers: {sent_on: text}
"""
MAP = ["channel_order_id,单号,1", "channel_line_id,行号,1", "paid_at,付款,1", "receiver_name,收件人,1"]
MENDED = [*MAP, "quantity,件数,1"]
ROWS = [
    {"单号": "A1", "行号": "A1-1", "付款": "2026-01-02 10:00:00", "收件人": "王小明", "件数": "1"},
    {"单号": "A2", "行号": "A2-1", "付款": "later", "收件人": "李小红", "件数": "2"},
    {"单号": "A3", "行号": "A3-1", "付款": "2026-01-02 11:00:00", "收件人": "王小明", "件数": "3"},
]


def data_with(tmp_path: Path, column_map: list[str]) -> Settings:
    """A data folder with a contract of its own."""
    of = settings(tmp_path)
    mend(of, tmp_path, column_map)
    return all_settings(of, tmp_path)


def all_settings(of: Settings, tmp_path: Path) -> Settings:
    from dataclasses import replace

    return replace(of, channels=(*of.channels, tmp_path / "channels"))


def mend(of: Settings, tmp_path: Path, column_map: list[str]) -> None:
    folder = tmp_path / "channels" / "my_shop"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "contract.yml").write_text(CONTRACT, encoding="utf-8")
    lines = ["column,header,priority", *column_map]
    (folder / "column_map.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def lake(of: Settings) -> pl.DataFrame:
    return pl.read_parquet(sorted((of.lake / "orders").rglob("*.parquet"))).sort("channel_order_id")


def key(of: Settings) -> vault.VaultKey:
    return vault.load_or_create_key(of.vault_key_file, of.vault_key)


def again(of: Settings, **options: bool) -> list[Retaken]:
    return retake(of, taken_batches(of.lake).values(), key(of), **options)


def test_a_mended_contract_brings_the_refused_row_and_doubles_none(tmp_path: Path) -> None:
    of = data_with(tmp_path, MAP)
    put(of, "my_shop", "a_20260102.csv", csv_bytes(ROWS))
    ingest(of)
    before, entry = due.consumed_fingerprint(of), read_ledger(of.lake).row(0, named=True)
    assert lake(of)["channel_order_id"].to_list() == ["A1", "A3"]
    mend(of, tmp_path, [line.replace("paid_at,付款", "sent_on,付款") for line in MENDED])
    told = again(of)
    assert [(r.outcome, r.by, r.accepted_before, r.accepted, r.refused) for r in told] == [
        ("retaken", "file", 2, 3, 0)
    ]
    assert lake(of)["channel_order_id"].to_list() == ["A1", "A2", "A3"]
    assert lake(of)["quantity"].to_list() == [1, 2, 3]
    assert list_quarantine(of).height == 0
    now = read_ledger(of.lake).row(0, named=True)
    assert read_ledger(of.lake).height == 1
    assert now["batch_id"] == f"{entry['batch_id']}r1"
    assert (now["exported_at"], now["arrival_seq"]) == (entry["exported_at"], entry["arrival_seq"])
    assert due.consumed_fingerprint(of) != before
    assert scan(of).nothing_new
    assert ingest(of).sources == {}
    assert [path.name for path in (of.vault / "orders").iterdir()] == [f"batch={now['batch_id']}.parquet"]
    assert not list((of.vault / "_quarantine").iterdir())


def test_again_under_the_same_contract_changes_nothing(tmp_path: Path) -> None:
    of = data_with(tmp_path, MAP)
    put(of, "my_shop", "a.csv", csv_bytes(ROWS))
    ingest(of)
    entries = sorted((of.lake / "_batches").iterdir())
    assert [r.outcome for r in again(of)] == ["unchanged"]
    assert sorted((of.lake / "_batches").iterdir()) == entries
    assert lake(of).height == 2


def test_a_contract_that_accepts_less_leaves_what_was_taken(tmp_path: Path) -> None:
    of = data_with(tmp_path, MAP)
    put(of, "my_shop", "a.csv", csv_bytes(ROWS))
    ingest(of)
    mend(of, tmp_path, [*MAP, "ordered_at,收件人,1"])
    assert [r.outcome for r in again(of)] == ["kept"]
    assert lake(of).height == 2
    assert [r.outcome for r in again(of, allow_fewer=True)] == ["retaken"]
    assert lake(of).height == 0
    assert list_quarantine(of).height == 3


@pytest.mark.parametrize("step", ["before", "after"])
def test_killed_at_the_commit_leaves_the_old_or_the_new(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = data_with(tmp_path, MAP)
    put(of, "my_shop", "a.csv", csv_bytes(ROWS))
    ingest(of)
    mend(of, tmp_path, [line.replace("paid_at,付款", "sent_on,付款") for line in MAP])
    commit = Store.commit

    def killed(*arguments: object) -> None:
        if step == "after":
            commit(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "commit", killed)
    with pytest.raises(KeyboardInterrupt):
        again(of)
    monkeypatch.undo()
    ingest(of)
    assert lake(of).height == (3 if step == "after" else 2)
    assert list_quarantine(of).height == (0 if step == "after" else 1)
    assert [r.accepted for r in again(of)] == [3]
    assert lake(of)["channel_order_id"].to_list() == ["A1", "A2", "A3"]


def test_without_the_file_the_refused_rows_come_from_the_vault(tmp_path: Path) -> None:
    of = data_with(tmp_path, MAP)
    path = put(of, "my_shop", "a.csv", csv_bytes(ROWS))
    ingest(of)
    path.unlink()
    mend(of, tmp_path, [line.replace("paid_at,付款", "sent_on,付款") for line in MENDED])
    told = again(of)
    assert [(r.outcome, r.by, r.accepted, r.refused) for r in told] == [("retaken", "rows", 3, 0)]
    rows = lake(of)
    assert rows["source_line"].to_list() == [2, 3, 4]
    assert rows["batch_id"].n_unique() == 1
    kept = vault.read(sorted((of.vault / "orders").glob("*.parquet")), key(of))
    assert set(rows["receiver_name_token"]) <= set(kept["token"])
    assert list_quarantine(of).height == 0


def test_a_moved_copy_or_an_archived_file_is_found(tmp_path: Path) -> None:
    of = data_with(tmp_path, MAP)
    path = put(of, "my_shop", "a.csv", csv_bytes(ROWS))
    ingest(of)
    target = of.data / "archive" / "my_shop" / "a.csv"
    target.parent.mkdir(parents=True)
    shutil.move(path, target)
    mend(of, tmp_path, [line.replace("paid_at,付款", "sent_on,付款") for line in MAP])
    assert [(r.outcome, r.by) for r in again(of)] == [("retaken", "file")]


def test_a_file_refused_whole_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    of = data_with(tmp_path, MAP)
    path = put(of, "my_shop", "a.csv", csv_bytes([{"x": "1", "行号": "1"}]))
    ingest(of)
    path.unlink()
    mend(of, tmp_path, [*MAP, "channel_order_id,x,2"])
    told = again(of)
    assert [r.outcome for r in told] == ["lost"]
    assert "put it back" in told[0].reason
    path.write_bytes(csv_bytes([{"x": "1", "行号": "1"}]))
    assert [(r.outcome, r.accepted) for r in again(of)] == [("retaken", 1)]


def test_a_replay_comes_to_what_the_right_contract_would_have_made(tmp_path: Path) -> None:
    """Whether the contract was right at first or mended later: the same rows, tokens and order of exports."""
    right = [line.replace("paid_at,付款", "sent_on,付款") for line in MENDED]
    later = [row | {"件数": "9"} for row in ROWS[:2]]
    lakes = []
    for name, first in (("mended", MAP), ("right", right)):
        of = data_with(tmp_path / name, first)
        put(of, "my_shop", "a_20260102.csv", csv_bytes(ROWS))
        put(of, "my_shop", "b_20260103.csv", csv_bytes(later))
        ingest(of)
        mend(of, tmp_path / name, right)
        again(of)
        lakes.append((lake(of), read_ledger(of.lake).sort("arrival_seq")))
    (mended, mended_ledger), (fresh, fresh_ledger) = lakes
    told = ("batch_id", "notices")
    assert mended.drop("batch_id", "exported_at").equals(fresh.drop("batch_id", "exported_at"))
    assert mended_ledger["batch_id"].str.ends_with("r1").all()
    assert mended_ledger.drop(*told, "exported_at").equals(fresh_ledger.drop(*told, "exported_at"))
