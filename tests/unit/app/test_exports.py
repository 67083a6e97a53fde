"""What is taken along: no cell runs as a formula, no value is lost, in all three kinds of file."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal

import polars as pl
import pytest

from app.exports import FORMATS

RISKY = ["=1+1", "+8613912345678", "-2", "@SUM(A1)", "\t=1", "＝cmd|' /C calc'!A0", "plain", None]
FRAME = pl.DataFrame(
    {
        "渠道": RISKY,
        "paid_amount_cny": [Decimal("1.10")] * len(RISKY),
        "paid_at": [datetime(2026, 1, 31, 7, 40)] * len(RISKY),
        "n": range(len(RISKY)),
    }
)


def test_csv_holds_texts_that_no_spreadsheet_runs() -> None:
    """Passes if each risky text begins with an apostrophe, and numbers and times are as they were."""
    content = FORMATS["csv"].write(FRAME)
    assert content.startswith(b"\xef\xbb\xbf")
    read = pl.read_csv(io.BytesIO(content), infer_schema=False)
    assert read["渠道"].to_list() == [f"'{text}" for text in RISKY[:6]] + ["plain", None]
    assert read["paid_at"][0] == "2026-01-31 07:40:00"
    assert read["paid_amount_cny"][0] == "1.10"


def test_xlsx_holds_no_formula() -> None:
    """Passes if every cell is a text, a number or a time, read by another program."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].write(FRAME)))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert book.active.cell(2, 1).value == "'=1+1"
    assert book.active.cell(2, 3).value == datetime(2026, 1, 31, 7, 40)


def test_parquet_keeps_every_value_and_type() -> None:
    assert pl.read_parquet(io.BytesIO(FORMATS["parquet"].write(FRAME))).equals(FRAME)


@pytest.mark.parametrize("kind", list(FORMATS))
def test_an_empty_table_is_a_file_too(kind: str) -> None:
    assert FORMATS[kind].write(FRAME.clear())
