"""Files of a landing folder become lake, vault, quarantine and ledger: once, whole, whatever happens."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from support.ingest_files import DOUYIN, csv_bytes, put, settings

from dagster_project.lib.ingest import ingest, list_quarantine, scan, scanning
from dagster_project.lib.ingest.readers import digests
from dagster_project.lib.ingest.readers.digests import Digests, Stand
from dagster_project.lib.ingest.readers.source import ByteSource
from dagster_project.settings import Settings
from identity import vault

GOOD = csv_bytes([DOUYIN, DOUYIN | {"子订单编号": "6917930000000000125"}])
COUNTS = {
    "files",
    "files_refused",
    "files_skipped",
    "rows_read",
    "rows_accepted",
    "rows_refused",
    "rows_totals",
}


def lake(of: Settings, feed: str = "orders") -> pl.DataFrame:
    return pl.read_parquet(sorted((of.lake / feed).rglob("*.parquet")))


def ledger(of: Settings) -> pl.DataFrame:
    return pl.read_parquet(sorted((of.lake / "_batches").glob("*.parquet"))).sort("arrival_seq")


def relations(of: Settings) -> dict[str, bytes]:
    """Every file of the lake but the index of files."""
    paths = [path for path in of.lake.rglob("*") if path.is_file() and path.name != "_files.json"]
    return {path.relative_to(of.lake).as_posix(): path.read_bytes() for path in paths}


def test_file_becomes_a_batch(tmp_path: Path) -> None:
    of = settings(tmp_path)
    put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    result = ingest(of)
    assert set(result.sources["douyin_orders"]) == COUNTS
    assert result.sources["douyin_orders"]["rows_accepted"] == 2
    assert result.newest_exported_at == datetime(2026, 1, 2, 9, 15)
    row = ledger(of).row(0, named=True)
    assert (row["state"], row["arrival_seq"], row["grain"]) == ("accepted", 1, "line")
    assert row["carried_columns"].startswith(",channel,")
    frame = lake(of)
    assert frame["batch_id"].unique().to_list() == [row["batch_id"]]
    assert (of.lake / "orders" / "source=douyin_orders" / f"batch={row['batch_id']}.parquet").is_file()
    key = vault.load_or_create_key(of.vault_key_file, of.vault_key)
    kept = vault.read([of.vault / "orders" / f"batch={row['batch_id']}.parquet"], key)
    assert set(kept["kind"]) == {"phone", "name", "address"}


def test_every_feed_can_be_read_without_any_file(tmp_path: Path) -> None:
    of = settings(tmp_path)
    assert ingest(of).sources == {}
    assert lake(of, "surveys").height == 0
    assert ledger(of).height == 0
    assert list_quarantine(of).height == 0


def test_second_run_finds_nothing_and_changes_nothing(tmp_path: Path) -> None:
    of = settings(tmp_path)
    put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    put(of, "douyin_orders", "1767316501_ab.csv", b"")
    ingest(of)
    before = relations(of)
    found = scan(of)
    assert found.nothing_new
    assert found.newest_exported_at == datetime(2026, 1, 2, 9, 15)
    assert ingest(of, found).sources == {}
    assert relations(of) == before


def test_same_bytes_are_taken_once(tmp_path: Path) -> None:
    of = settings(tmp_path)
    put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    put(of, "douyin_orders", "1767316600_cd.csv", GOOD)
    first = ingest(of)
    assert first.sources["douyin_orders"] | {"files": 1, "files_skipped": 1} == first.sources["douyin_orders"]
    put(of, "douyin_orders", "later/1767316700_ef.csv", GOOD)
    later = ingest(of)
    assert later.sources == {"douyin_orders": dict.fromkeys(COUNTS, 0) | {"files_skipped": 1}}
    assert ingest(of).sources == {}
    assert lake(of).height == 2


def test_a_touched_file_is_no_news(tmp_path: Path) -> None:
    of = settings(tmp_path)
    path = put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    ingest(of)
    os.utime(path, (1, 1))
    assert ingest(of).sources == {}


def test_a_new_content_under_an_old_name_is_a_new_batch(tmp_path: Path) -> None:
    of = settings(tmp_path)
    put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    ingest(of)
    put(of, "douyin_orders", "1767316500_ab.csv", csv_bytes([DOUYIN | {"订单状态": "已完成"}]))
    assert ingest(of).sources["douyin_orders"]["files"] == 1
    assert ledger(of)["arrival_seq"].to_list() == [1, 2]


def test_files_are_taken_in_the_order_of_their_export(tmp_path: Path) -> None:
    of = settings(tmp_path)
    for epoch in (1767316900, 1767316500, 1767316700):
        put(of, "douyin_orders", f"{epoch}_ab.csv", csv_bytes([DOUYIN | {"买家留言": str(epoch)}]))
    ingest(of)
    assert ledger(of)["exported_at"].is_sorted()
    assert ledger(of)["arrival_seq"].to_list() == [1, 2, 3]


def test_unknown_folder_and_loose_file_are_told(tmp_path: Path) -> None:
    of = settings(tmp_path)
    put(of, "no_such_source", "a.csv", b"a\n1\n")
    put(of, ".", "loose.csv", b"a\n1\n")
    result = ingest(of)
    assert result.sources == {}
    assert sorted(notice.split(":")[0] for notice in result.notices) == [
        "landing/loose.csv",
        "landing/no_such_source",
    ]


def test_hidden_and_unfinished_files_are_left_alone(tmp_path: Path) -> None:
    of = settings(tmp_path)
    for name in (".x.csv", "~$x.xlsx", "x.csv.part", "x.tmp"):
        put(of, "douyin_orders", name, GOOD)
    assert scan(of).new == ()


def test_a_file_that_changes_while_it_is_read_waits(tmp_path: Path) -> None:
    of = settings(tmp_path)
    path = put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    found = scan(of)
    path.write_bytes(GOOD + GOOD)
    result = ingest(of, found)
    assert result.sources == {}
    assert "the next run takes it" in result.notices[0]
    assert len(scan(of).new) == 1


def test_a_large_file_that_changes_after_it_was_digested_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "_WORTH_KEEPING_BYTES", 0)
    monkeypatch.setattr(digests, "_TELLING_NS", 0)
    monkeypatch.setattr(ByteSource, "in_one_block", False)
    of = settings(tmp_path)
    path = put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    time.sleep(0.05)
    before = path.stat()
    found = scan(of)
    assert found.new[0].stand == Stand.of(before)
    path.write_bytes(GOOD.replace(b"1", b"2"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    result = ingest(of, found)
    assert result.sources == {}
    assert "the next run takes it" in result.notices[0]
    time.sleep(0.05)
    assert ingest(of).sources["douyin_orders"]["files"] == 1
    content = ledger(of)["content_sha256"].to_list()
    assert content == [hashlib.sha256(path.read_bytes()).hexdigest()]


def test_bad_files_cost_only_themselves(tmp_path: Path) -> None:
    of = settings(tmp_path)
    put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    put(of, "douyin_orders", "1767316501_ab.csv", b"")
    put(of, "douyin_orders", "1767316502_ab.xlsx", b"PK\x03\x04 half a workbook")
    put(of, "douyin_orders", "1767316503_ab.csv", csv_bytes([DOUYIN | {"主订单编号": "6.9E+18"}]))
    put(of, "douyin_orders", "1767316504_ab.csv", csv_bytes([{"订单状态": "已发货"}]))
    put(of, "douyin_orders", "1767316505_ab.csv", GOOD.replace("已发货".encode(), "等".encode())[:-9])
    result = ingest(of)
    assert result.sources["douyin_orders"] == {
        "files": 6, "files_refused": 4, "files_skipped": 0,
        "rows_read": 6, "rows_accepted": 3, "rows_refused": 3, "rows_totals": 0,
    }  # fmt: skip
    assert [line.split(": ")[1] for line in result.refused_files] == [
        "empty_file", "unreadable", "damaged_ids", "missing_column",
    ]  # fmt: skip
    assert all("\n" not in line for line in result.refused_files)
    listed = list_quarantine(of, "douyin_orders")
    assert listed["reason_code"].to_list() == [
        "empty_file", "unreadable", "damaged_ids", "missing_column", "cut_line",
    ]  # fmt: skip
    assert list_quarantine(of, "jd_orders").height == 0
    assert ledger(of).filter(state="refused").height == 4


def test_killed_between_lake_and_ledger_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """The ledger entry is written last: without it the batch was never taken, and its rows are swept away."""
    of, calm = settings(tmp_path), settings(tmp_path / "calm")
    for each in (of, calm):
        for epoch in (1767316500, 1767316600):
            put(each, "douyin_orders", f"{epoch}_ab.csv", csv_bytes([DOUYIN | {"买家留言": str(epoch)}]))
        ingest(each)
    last = ledger(of)["batch_id"][1]
    (of.lake / "_batches" / f"{last}.parquet").unlink()
    (of.lake / "orders" / ".half.tmp").write_bytes(b"x")
    (of.landing / "douyin_orders" / "1767316600_ab.csv").rename(tmp_path / "away.csv")
    ingest(of)
    assert lake(of).height == 1
    assert not list(of.lake.rglob("*.tmp"))
    shutil.move(tmp_path / "away.csv", of.landing / "douyin_orders" / "1767316600_ab.csv")
    ingest(of)
    assert lake(of).equals(lake(calm))
    assert ledger(of).equals(ledger(calm))


def test_killed_before_the_index_counts_no_file_as_skipped(tmp_path: Path) -> None:
    of = settings(tmp_path)
    put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    ingest(of)
    (of.lake / "_files.json").unlink()
    assert scan(of).nothing_new
    assert ingest(of).sources == {}
    put(of, "douyin_orders", "1767316600_ab.csv", csv_bytes([DOUYIN]))
    ingest(of)
    assert ledger(of)["arrival_seq"].to_list() == [1, 2]


def test_a_link_in_a_circle_and_a_file_that_cannot_be_opened_stop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = settings(tmp_path)
    put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    put(of, "jd_orders", "订单列表_20260105090000.csv", b"x")
    (of.landing / "douyin_orders" / "circle").symlink_to("..")
    (of.landing / "douyin_orders" / "itself").symlink_to(".")
    whole = scanning.digests_of

    def denied(source: str, path: Path, stand: Stand) -> Digests:
        if source == "jd_orders":
            raise PermissionError(13, "Permission denied", str(path))
        return whole(source, path, stand)

    monkeypatch.setattr(scanning, "digests_of", denied)
    found = scan(of)
    assert [file.source_file for file in found.new] == ["douyin_orders/1767316500_ab.csv"]
    assert list(found.held) == ["jd_orders/订单列表_20260105090000.csv"]
    assert "Permission denied" in found.held["jd_orders/订单列表_20260105090000.csv"]


@pytest.mark.parametrize("damage", ["{", "[]", '{"files": 3, "colour": 1}'])
def test_damaged_index_costs_time_only(tmp_path: Path, damage: str) -> None:
    of = settings(tmp_path)
    put(of, "douyin_orders", "1767316500_ab.csv", GOOD)
    ingest(of)
    (of.lake / "_files.json").write_text(damage)
    assert scan(of).nothing_new


def test_contracts_from_outside_are_used(tmp_path: Path) -> None:
    folder = tmp_path / "more" / "shop_orders"
    folder.mkdir(parents=True)
    (folder / "contract.yml").write_text(
        "version: 1\nsource: shop_orders\nfeed: orders\nchannel: shop\ngrain: order\nowner: o\n"
        "name: {zh: 店, en: shop}\nrequired: [channel_order_id]\n",
        encoding="utf-8",
    )
    (folder / "column_map.csv").write_text(
        "column,header,priority\nchannel_order_id,单号,1\n", encoding="utf-8"
    )
    of = settings(tmp_path)
    of = Settings(of.data, of.landing, (*of.channels, tmp_path / "more"), vault_key=of.vault_key)
    put(of, "shop_orders", "a.csv", "单号,清关状态\n1,放行\n".encode())
    ingest(of)
    row = lake(of).row(0, named=True)
    assert (row["channel"], row["channel_order_id"], row["extras"]) == ("shop", "1", '{"清关状态":"放行"}')
