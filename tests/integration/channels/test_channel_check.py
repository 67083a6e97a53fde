"""`luyue channel check`: what a run would make of a file, what to add, and nothing written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.in_process import luyue
from support.ingest_files import DOUYIN, csv_bytes


def put(tmp_path: Path, data: bytes, folder: str = "douyin_orders", name: str = "1767316500_ab.csv") -> Path:
    path = tmp_path / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def check(*arguments: str | Path, code: int = 0) -> list[dict[str, Any]]:
    done = luyue("channel", "check", *arguments, "--json")
    assert done.code == code, done.text
    return json.loads(done.out)


def test_a_good_file_is_told_masked_and_nothing_is_written(tmp_path: Path) -> None:
    path = put(tmp_path, csv_bytes([DOUYIN]))
    (told,) = check(path)
    assert (told["source"], told["chosen_by"], told["ok"]) == ("douyin_orders", "folder", True)
    assert told["rows_accepted"] == 1
    assert told["mapped"]["主订单编号"] == "channel_order_id"
    text = luyue("channel", "check", path).out
    assert "139****5678" in text
    for secret in ("王小明", "13912345678", "文三路"):
        assert secret not in text + json.dumps(told, ensure_ascii=False)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [path.name]


def test_without_a_known_folder_the_headers_tell_the_source(tmp_path: Path) -> None:
    (told,) = check(put(tmp_path, csv_bytes([DOUYIN]), "downloads"))
    assert (told["source"], told["chosen_by"]) == ("douyin_orders", "headers")


def test_refused_rows_come_with_line_column_and_mask(tmp_path: Path) -> None:
    bad = DOUYIN | {"订单提交时间": "13912345678 王小明", "收件人": "王小明"}
    path = put(tmp_path, csv_bytes([DOUYIN, bad]))
    (told,) = check(path)
    (row,) = told["refused"]
    assert (row["source_line"], row["column_name"], row["reason_code"]) == (3, "ordered_at", "bad_time")
    assert "13912345678" not in row["value_mask"]
    assert told["ok"]


def test_renamed_new_and_personal_columns_come_as_lines_to_add(tmp_path: Path) -> None:
    row = {("支付完成时间(新)" if k == "支付完成时间" else k): v for k, v in DOUYIN.items()}
    row |= {
        "商品单价（元）": row.pop("商品单价"),
        "清关状态": "放行",
        "团购人": "李小红",
        "订单状态": "火星发货",
    }
    path = put(tmp_path, csv_bytes([row, row | {"团购人": "张大力"}]))
    (told,) = check(path)
    assert "column_map.csv: unit_price_cny,商品单价（元）,3" in told["add"]
    assert any("清关状态" in line and line.startswith("contract.yml: extras") for line in told["add"])
    assert any('"团购人": name' in line for line in told["add"])
    assert any('"火星发货"' in line for line in told["add"])


def test_a_file_that_would_be_refused_ends_with_code_1(tmp_path: Path) -> None:
    row = {key: value for key, value in DOUYIN.items() if key != "主订单编号"}
    path = put(tmp_path, csv_bytes([row | {"主订单编码": "1"}]))
    (told,) = check(path, code=1)
    assert told["refusal"]["code"] == "missing_column"
    assert told["missing_required"] == ["channel_order_id"]
    assert [s["header"] for s in told["suggestions"]] == ["主订单编码"]
    good = put(tmp_path, csv_bytes([DOUYIN]), name="1767316501_ab.csv")
    assert [row["ok"] for row in check(path, good, code=1)] == [False, True]


def test_unknown_headers_and_missing_files_are_one_line_each(tmp_path: Path) -> None:
    strange = put(tmp_path, b"alpha,beta\n1,2\n", "downloads", "x.csv")
    for path, says in ((strange, "luyue channel new"), (tmp_path / "typo.csv", "no such file")):
        done = luyue("channel", "check", path)
        assert done.code == 1
        assert says in done.err
        assert len(done.err.splitlines()) == 1


def test_a_contract_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "channels" / "my_shop"
    folder.mkdir(parents=True)
    (folder / "contract.yml").write_text("version: 1\nsource: my_shop\nfed: orders\n", encoding="utf-8")
    path = put(tmp_path, csv_bytes([DOUYIN]), "my_shop")
    done = luyue("channel", "check", path, "--channels", tmp_path / "channels")
    assert done.code == 1
    assert "contract.yml" in done.err
    assert "my_shop" in done.err
    alone = luyue("channel", "check", "--channels", tmp_path / "channels")
    assert alone.code == 1
    assert "1 of" in alone.err


def test_all_built_in_contracts_can_be_used() -> None:
    done = luyue("channel", "check")
    assert done.code == 0, done.text
    assert "ok     douyin_orders" in done.out


def test_an_unknown_source_is_one_line(tmp_path: Path) -> None:
    done = luyue("channel", "check", put(tmp_path, csv_bytes([DOUYIN])), "--source", "typo")
    assert done.code == 1
    assert "typo" in done.err
