"""The demo merchant's files as a plain reader sees them: forms, quirks, and no order lost or invented."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import date
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from dagster_project.demo import generate

ID = re.compile(r'[\t="]')


def _rows(path: Path, encoding: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def _sheet(path: Path) -> list[dict[str, str | None]]:
    return pl.DataFrame(fastexcel.read_excel(path).load_sheet(0, dtypes="string")).to_dicts()


def _refused(folder: Path) -> set[str]:
    with (folder / "truth" / "quarantine.csv").open(encoding="utf-8") as file:
        whole = {"empty_file", "unreadable_file", "damaged_ids", "missing_column", "same_file"}
        return {row["file"] for row in csv.DictReader(file) if row["family"] in whole}


def _good(folder: Path, source: str, suffix: str = "") -> list[Path]:
    names = _refused(folder)
    return sorted(
        p for p in (folder / "landing" / source).iterdir() if p.name not in names and p.name.endswith(suffix)
    )


def _true_ids(folder: Path, channel: str) -> set[str]:
    orders = pl.read_parquet(folder / "truth" / "orders.parquet")
    return set(orders.filter(pl.col("channel") == channel)["channel_order_id"])


def _digest(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    """A result that cannot be repeated proves nothing."""
    for name in ("a", "b"):
        generate(tmp_path / name, 200, 12, 3, date(2026, 1, 1))
    generate(tmp_path / "c", 200, 12, 4, date(2026, 1, 1))
    assert _digest(tmp_path / "a") == _digest(tmp_path / "b")
    assert _digest(tmp_path / "a") != _digest(tmp_path / "c")


def test_douyin_files_hold_every_order_behind_tabs(small_demo: Path) -> None:
    """Ids stand behind a TAB in UTF-8 with a BOM; both header versions occur; no order is missing or
    foreign."""
    found: set[str] = set()
    widths = set()
    for path in _good(small_demo, "douyin_orders"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        rows = _rows(path, "utf-8-sig")
        widths |= {len(row) for row in rows}
        assert all(row["主订单编号"].startswith("\t") for row in rows)
        found |= {row["主订单编号"].strip() for row in rows} - {""}
    assert widths == {74, 75}
    assert found == _true_ids(small_demo, "douyin")


def test_taobao_reports_hold_every_order_in_formulas(small_demo: Path) -> None:
    """GB18030 only, ids as ="…", headers with trailing spaces, fees as 0元, no refund as words."""
    for source, column in (("taobao_orders", "订单编号"), ("taobao_items", "主订单编号")):
        found: set[str] = set()
        for path in _good(small_demo, source):
            with pytest.raises(UnicodeDecodeError):
                path.read_bytes().decode("utf-8")
            rows = _rows(path, "gb18030")
            assert all(row[column].startswith('="') for row in rows)
            found |= {ID.sub("", row[column]) for row in rows}
        assert found == _true_ids(small_demo, "taobao")
    rows = _rows(_good(small_demo, "taobao_orders")[-1], "gb18030")
    assert {"收货地址 ", "物流单号 "} <= rows[0].keys()
    assert {row["卖家服务费"] for row in rows} == {"0元"}
    assert "无退款申请" in {row["退款金额"] for row in rows}
    assert all(row["联系手机"].startswith("'") for row in rows)


def test_jd_repeats_the_orders_money_and_remarks_it(small_demo: Path) -> None:
    """Workbooks and GB18030 files; one amount an order on all its rows, some with a remark; states with
    (删除)."""
    rows: list[dict[str, str | None]] = []
    for path in _good(small_demo, "jd_orders"):
        rows += _sheet(path) if path.suffix == ".xlsx" else _rows(path, "gb18030")
    assert {p.suffix for p in _good(small_demo, "jd_orders")} == {".csv", ".xlsx"}
    assert {row["订单号"] for row in rows} == _true_ids(small_demo, "jd")
    amounts: dict[str | None, set[str | None]] = {}
    for row in rows:
        amounts.setdefault(row["订单号"], set()).add(row["应付金额"])
    assert all(len(of_one) == 1 for of_one in amounts.values())
    assert any("系统计算中" in str(row["应付金额"]) for row in rows)
    assert any(str(row["订单状态"]).startswith("(删除)") for row in rows)
    assert any(re.fullmatch(r"1\*{6}\d{4}", str(row["联系电话"])) for row in rows)
    remarks = [str(row["商家备注"]) for row in rows if row["商家备注"]]
    assert remarks and all(set(r.split()[1:]) <= _true_ids(small_demo, "jd") for r in remarks)


def test_receipts_end_in_a_total_and_number_by_store_and_day(small_demo: Path) -> None:
    """The totals row is the sum of the file; store, day and receipt number together name a receipt."""
    codes = {r["name"]: r["resource_code"] for r in _rows(_good(small_demo, "luyue_resources")[0], "utf-8")}
    found: set[str] = set()
    for path in _good(small_demo, "pos_receipts"):
        rows = _sheet(path) if path.suffix == ".xlsx" else _rows(path, "gb18030")
        *sold, total = rows
        assert total["销售日期"] == "合计"
        assert sum(float(str(r["销售金额"])) for r in sold) == pytest.approx(float(str(total["销售金额"])))
        for row in sold:
            day = str(row["销售日期"])[:10].replace("-", "")
            found.add(f"{codes[str(row['门店名称'])]}-{day}-{row['小票号']}")
    assert found == _true_ids(small_demo, "pos")


def test_own_order_files_hold_every_order_of_their_channels(small_demo: Path) -> None:
    """CSV in two encodings, JSON lines, Parquet, workbooks; rows of one channel a file."""
    found: set[tuple[str, str]] = set()
    for path in _good(small_demo, "luyue_orders"):
        if path.suffix == ".parquet":
            rows = pl.read_parquet(path).to_dicts()
        elif path.suffix == ".jsonl":
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        elif path.suffix == ".xlsx":
            rows = _sheet(path)
        else:
            rows = _rows(path, "gb18030" if "kuaishou" in path.name else "utf-8")
        assert all(row["channel"] in path.name for row in rows)
        found |= {(row["channel"], row["channel_order_id"]) for row in rows}
    channels = ("pinduoduo", "kuaishou", "wechat_shop", "wechat_mini", "app")
    assert found == {(c, i) for c in channels for i in _true_ids(small_demo, c)}


def test_scans_come_newest_first(small_demo: Path) -> None:
    """快递100 answers are arrays with the newest scan on top."""
    for path in _good(small_demo, "kuaidi100_tracks"):
        for answer in json.loads(path.read_text(encoding="utf-8")):
            times = [node["ftime"] for node in answer["data"]]
            assert times == sorted(times, reverse=True)
            assert answer["state"] == answer["data"][0]["status"]


def test_what_is_spoiled_is_listed_and_nothing_else_is_lost(small_demo: Path) -> None:
    """Each family occurs, each listed file exists; copies are copies, an empty file is empty."""
    with (small_demo / "truth" / "quarantine.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["family"] for row in rows} == {
        "bad_time",
        "negative_quantity",
        "missing_key",
        "empty_file",
        "unreadable_file",
        "damaged_ids",
        "missing_column",
        "same_file",
        "unknown_status",
    }
    for row in rows:
        path = small_demo / "landing" / row["source"] / row["file"]
        assert path.exists()
        if row["family"] == "empty_file":
            assert path.stat().st_size == 0
        if row["family"] == "same_file":
            same = [p for p in path.parent.iterdir() if p.read_bytes() == path.read_bytes()]
            assert len(same) == 2
        if row["line"]:
            assert int(row["line"]) <= len(path.read_bytes().split(b"\n"))


def test_arguments_that_make_no_world_are_refused(tmp_path: Path) -> None:
    """Too few orders or days, or a folder that holds files: one line says what to do."""
    with pytest.raises(ValueError, match="give at least"):
        generate(tmp_path, 5, 60)
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "mine.csv").write_text("x", encoding="utf-8")
    with pytest.raises(FileExistsError, match="already holds files"):
        generate(tmp_path, 200, 12)
