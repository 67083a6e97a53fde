"""No text of ours runs as a formula in a spreadsheet program, in CSV or in XLSX."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime

import fastexcel
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project import safe_tables

DANGEROUS = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", "|calc", "%0"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_text_is_escaped(text: str) -> None:
    assert safe_tables.escaped(pl.DataFrame({"a": [text]}))["a"].to_list() == [f"'{text}"]


@given(st.text())
def test_no_escaped_text_begins_a_formula(text: str) -> None:
    told = safe_tables.escaped(pl.DataFrame({"a": [text]}, schema={"a": pl.String}))["a"][0]
    assert not told.lstrip().startswith(("=", "+", "-", "@"))
    assert told.endswith(text)


def test_numbers_times_and_plain_texts_stay() -> None:
    frame = pl.DataFrame({"n": [-1], "t": [datetime(2026, 1, 2, 3)], "s": ["上海-浦东"], "none": [None]})
    assert safe_tables.escaped(frame).equals(frame)


def test_csv_opens_in_a_spreadsheet_program() -> None:
    data = safe_tables.csv_bytes(pl.DataFrame({"值": ["=1", '说"好"'], "n": [-1, 2], "l": [["a", "b"], []]}))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows == [["值", "n", "l"], ["'=1", "-1", "a; b"], ['说"好"', "2", ""]]


def test_xlsx_holds_texts_and_no_formula() -> None:
    long = "x" * 40_000
    frame = pl.DataFrame({"值": [*DANGEROUS[:4], "http://example.com", long], "n": [-1, 2, 3, 4, 5, 6]})
    data = safe_tables.xlsx_bytes({"一": frame, "empty": frame.clear()})
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in book.namelist()
    read = fastexcel.read_excel(data).load_sheet("一").to_polars()
    assert read["n"].to_list() == [-1, 2, 3, 4, 5, 6]
    assert read["值"].to_list()[:4] == [f"'{text}" for text in DANGEROUS[:4]]
    assert len(read["值"][5]) == safe_tables.LONGEST_XLSX_CELL
