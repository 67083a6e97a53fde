"""The same rows in every container that channels use: workbook, old workbook, HTML, Parquet, JSON lines."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime

import polars as pl
import pytest
import xlsxwriter
from support.ingest_files import DOUYIN, EVENT, batch, csv_bytes, rows

HEADER = list(DOUYIN)
LINES = [list(DOUYIN.values()), [*list(DOUYIN.values())[:-1], "搜索"]]


def workbook(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    """An xlsx file with these sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy/m/d h:mm"}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    return out.getvalue()


def html(lines: Sequence[Sequence[object]]) -> bytes:
    """A table as platforms name it .xls."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<html><meta charset=gbk><body><table>{body}</table></body></html>".encode("gb18030")


def test_workbook_with_title_and_other_sheets() -> None:
    sheets = {"说明": [["请勿修改"]], "订单": [["抖店订单"], [], HEADER, *LINES], "空": []}
    made = batch(workbook(sheets), name="x.xlsx")
    assert made.rows_accepted == 2
    assert rows(made)["source_line"].to_list() == [4, 5]
    assert any("sheet 订单 was read" in notice for notice in made.notices)


def test_workbook_cells_of_their_own_type() -> None:
    line = list(DOUYIN.values())
    line[HEADER.index("订单提交时间")] = datetime(2026, 1, 2, 10)
    line[HEADER.index("商品单价")] = 39.9
    row = rows(batch(workbook({"a": [HEADER, line]}))).row(0, named=True)
    assert (row["ordered_at"], str(row["unit_price_cny"])) == (datetime(2026, 1, 2, 10), "39.90")


def test_workbook_ids_kept_as_numbers_are_refused() -> None:
    line = list(DOUYIN.values())
    line[0] = 6917930000000000123
    made = batch(workbook({"a": [HEADER, line]}))
    assert made.refusal is not None
    assert made.refusal.code == "damaged_ids"


def test_workbook_that_declares_one_cell_is_read_whole() -> None:
    """快手 writes <dimension ref="A1"/>: what a sheet declares of itself is not trusted."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook({"a": [HEADER, *LINES]}))) as whole,
        zipfile.ZipFile(out, "w") as lying,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            if name.endswith("sheet1.xml"):
                start = content.index(b'<dimension ref="') + len(b'<dimension ref="')
                content = content[:start] + b"A1" + content[content.index(b'"', start) :]
            lying.writestr(name, content)
    assert batch(out.getvalue()).rows_accepted == 2


def test_truncated_workbook_is_refused_in_one_line() -> None:
    made = batch(workbook({"a": [HEADER, *LINES]})[:-900])
    assert made.refusal is not None
    assert (made.refusal.code, made.rows_read) == ("unreadable", 0)
    assert "\n" not in made.refusal.reason


def test_workbook_without_rows() -> None:
    made = batch(workbook({"a": [HEADER]}))
    assert (made.refusal, made.rows_read) == (None, 0)
    empty = batch(workbook({"a": []}))
    assert empty.refusal is not None
    assert empty.refusal.code == "no_header"


def test_html_table_named_xls_is_read_as_a_table() -> None:
    made = batch(html([HEADER, *LINES]), name="x.xls")
    assert made.rows_accepted == 2
    assert rows(made)["receiver_phone_mask"].to_list() == ["139****5678"] * 2
    assert any("HTML" in notice for notice in made.notices)


def test_parquet_with_real_types() -> None:
    at = datetime(2026, 1, 2, 2)
    frame = pl.DataFrame(
        {**{key: [value] for key, value in EVENT.items()}, "payload": [{"action": "merge", "n": [1, 2]}]}
    ).with_columns(occurred_at=pl.lit(at).dt.replace_time_zone("UTC"), received_at=pl.lit(at), wave=pl.lit(7))
    out = io.BytesIO()
    frame.write_parquet(out)
    row = rows(batch(out.getvalue(), "luyue_order_events")).row(0, named=True)
    assert row["occurred_at"] == datetime(2026, 1, 2, 10)
    assert row["received_at"] == at
    assert json.loads(row["payload"]) == {"action": "merge", "n": [1, 2]}
    assert json.loads(row["extras"]) == {"wave": "7"}


def test_half_a_parquet_file_is_refused() -> None:
    out = io.BytesIO()
    pl.DataFrame([EVENT]).write_parquet(out)
    made = batch(out.getvalue()[:-30], "luyue_order_events")
    assert made.refusal is not None
    assert made.refusal.code == "unreadable"


def test_json_lines_with_changing_keys_and_a_cut_end() -> None:
    lines = [
        json.dumps(EVENT),
        "",
        json.dumps(EVENT | {"event_id": 2, "received_at": 1767316500000}),
        '["x"]',
    ]
    made = batch("\n".join([*lines, json.dumps(EVENT)[:-9]]).encode(), "luyue_order_events")
    frame = rows(made)
    assert frame["event_id"].to_list() == ["e1", "2"]
    assert frame["source_line"].to_list() == [1, 3]
    assert frame["received_at"][1] == datetime(2026, 1, 2, 9, 15)
    assert made.quarantine is not None
    assert made.quarantine.select("source_line", "reason_code").rows() == [(4, "bad_json"), (5, "cut_line")]


@pytest.mark.parametrize("indent", [None, 2])
def test_json_list(indent: int | None) -> None:
    data = json.dumps([EVENT, EVENT | {"event_id": "e2"}], indent=indent).encode()
    made = batch(data, "luyue_order_events")
    assert rows(made)["event_id"].to_list() == ["e1", "e2"]


def test_long_ids_of_json_keep_their_digits() -> None:
    data = json.dumps(EVENT | {"channel_order_id": 6917930000000000123}).encode()
    assert rows(batch(data, "luyue_order_events"))["channel_order_id"].to_list() == ["6917930000000000123"]


def test_cut_json_list_is_refused() -> None:
    made = batch(json.dumps([EVENT, EVENT]).encode()[:-20], "luyue_order_events")
    assert made.refusal is not None
    assert made.refusal.code == "unreadable"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_encoding_gives_the_same_rows(encoding: str) -> None:
    made = rows(batch(csv_bytes([DOUYIN], encoding)))
    assert made.equals(rows(batch(csv_bytes([DOUYIN]))))
