"""`luyue channel new`: a working contract from the export file alone, for channels that nobody has seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from support import strange_exports
from support.in_process import luyue

from dagster_project.lib.ingest.contracts.contract import load_contract

EXPORTS: dict[str, tuple[str, Callable[[], bytes], dict[str, Any]]] = {
    "island_mall": (
        "island_20260320.csv",
        strange_exports.island_mall,
        {"grain": "line", "paid_amount": "order", "encodings": ["gb18030", "utf-8"], "null_words": ["N/A"]},
    ),
    "field_fresh": (
        "田野鲜生订单_20260320093000.xlsx",
        strange_exports.field_fresh,
        {"grain": "order", "paid_amount": "order", "private_headers": {"团长": "name"}},
    ),
    "night_bazaar": (
        "bazaar-2026-03-20.jsonl",
        strange_exports.night_bazaar,
        {"grain": "order", "paid_amount": "order", "private_headers": {"referrer": "email"}},
    ),
}
MAPPED = {
    "channel_order_id", "status_raw", "product_name", "quantity", "paid_amount", "receiver_name",
    "receiver_phone", "receiver_address", "ordered_at", "paid_at", "shipped_at", "signed_at", "carrier",
    "waybill_no",
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_the_draft_takes_every_row_as_it_is(name: str, tmp_path: Path) -> None:
    file_name, export, expected = EXPORTS[name]
    file = tmp_path / file_name
    file.write_bytes(export())
    done = luyue("channel", "new", name, "--from", file, "--channels", tmp_path / "channels", "--json")
    assert done.code == 0, done.text
    check = done.json["check"]
    assert check["rows_refused"] == 0
    assert check["rows_accepted"] == check["rows_read"] - check["rows_totals"] > 0
    assert set(check["mapped"].values()) >= MAPPED
    body = yaml.safe_load((tmp_path / "channels" / name / "contract.yml").read_text(encoding="utf-8"))
    assert body["channel"] == name
    assert {key: body[key] for key in expected} == expected
    assert load_contract(tmp_path / "channels" / name).feed.name == "orders"


@pytest.mark.parametrize("name", EXPORTS)
def test_nothing_personal_is_printed_or_written(name: str, tmp_path: Path) -> None:
    file_name, export, _ = EXPORTS[name]
    file = tmp_path / file_name
    file.write_bytes(export())
    done = luyue("channel", "new", name, "--from", file, "--channels", tmp_path / "channels")
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "channels" / name).iterdir())
    for secret in (*strange_exports.NAMES, "1391234", "1371234", "1361234", "@example.com", "文三路1"):
        assert secret not in done.text
        assert secret not in written


def test_words_that_nobody_knows_are_left_to_be_filled(tmp_path: Path) -> None:
    file = tmp_path / "f_20260320.xlsx"
    file.write_bytes(strange_exports.field_fresh())
    done = luyue("channel", "new", "field_fresh", "--from", file, "--channels", tmp_path / "channels")
    contract = tmp_path / "channels" / "field_fresh" / "contract.yml"
    text = contract.read_text(encoding="utf-8")
    assert "# 拣货中:" in text
    assert any("拣货中" in line for line in done.out.splitlines() if line.startswith("look"))
    contract.write_text(text.replace("# 拣货中:", "拣货中: paid_pending_ship"), encoding="utf-8")
    checked = luyue("channel", "check", file, "--source", "field_fresh", "--channels", tmp_path / "channels")
    assert checked.code == 0
    assert "unknown" not in checked.out


def test_nothing_is_written_over_unasked(tmp_path: Path) -> None:
    file = tmp_path / "b.jsonl"
    file.write_bytes(strange_exports.night_bazaar())
    options = ("--from", file, "--channels", tmp_path / "channels")
    assert luyue("channel", "new", "bazaar", *options).code == 0
    again = luyue("channel", "new", "bazaar", *options)
    assert again.code == 1
    assert "--force" in again.err
    assert luyue("channel", "new", "bazaar", *options, "--force").code == 0


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("Bad-Name", b"a,b\n1,2\n", "lower-case"), ("empty", b"", "empty"), ("noise", b"\n1\n2\n3\n", "header")],
)
def test_what_cannot_be_drafted_is_said_in_one_line(
    name: str, content: bytes, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    done = luyue("channel", "new", name, "--from", file, "--channels", tmp_path / "channels")
    assert done.code == 1
    assert says in done.err
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "channels" / name).exists()


def test_a_parquet_file_with_lists_and_zones_is_drafted_and_checked(tmp_path: Path) -> None:
    """What no contract maps may be of any type; it is kept in extras as JSON."""
    file = tmp_path / "x_20260301080000.parquet"
    paid = datetime(2026, 3, 1, 2, tzinfo=UTC)
    rows = {"channel_order_id": [69], "paid_at": [paid], "status": ["shipped"], "tags": [["新客"]]}
    pl.DataFrame(rows).write_parquet(file)
    done = luyue("channel", "new", "listed", "--from", file, "--channels", tmp_path / "c")
    assert done.code == 0, done.text
    own = luyue("channel", "check", file, "--source", "luyue_orders", "--json")
    assert own.code == 1, "it has no channel, and says so"
    assert "missing_column" in own.text
    file.write_bytes(b"PAR1" + bytes(40) + b"PAR1")
    done = luyue("channel", "new", "cut", "--from", file, "--channels", tmp_path / "c")
    assert done.code == 1
    assert "not a whole Parquet file" in done.err
    assert len(done.err.splitlines()) == 1


def test_other_feeds_are_told_by_their_headers(tmp_path: Path) -> None:
    file = tmp_path / "stock_20260301.csv"
    file.write_bytes("仓库,货号,库存,可用库存,统计时间\n杭州仓,CUP-1,10,8,2026-03-01 00:00:00\n".encode())
    done = luyue("channel", "new", "my_stock", "--from", file, "--channels", tmp_path / "c", "--json")
    assert done.code == 0, done.text
    assert load_contract(tmp_path / "c" / "my_stock").feed.name == "stock_counts"
    assert done.json["check"]["rows_accepted"] == 1


def test_a_draft_without_an_order_id_says_so_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes("下单时间,商品名称,订单状态,流水\n2026-01-02 10:00:00,杯子,已发货,9\n".encode())
    done = luyue("channel", "new", "odd", "--from", file, "--channels", tmp_path / "c")
    assert "no header was found for channel_order_id" in done.out
    assert json.dumps("missing_key") in luyue(
        "channel", "check", file, "--source", "odd", "--channels", tmp_path / "c", "--json"
    ).out.replace("'", '"')
