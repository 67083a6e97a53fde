"""A workbook whose sheet reaches to the end of the world is refused before a reader lays it out."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from support.ingest_files import DOUYIN, batch

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.sheet_extent import refuse_endless_sheets


def workbook(stray: tuple[int, int] | None = None) -> bytes:
    """One order, and a cell somewhere else."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(DOUYIN))
        sheet.write_row(1, 0, [cell.strip() for cell in DOUYIN.values()])
        if stray:
            sheet.write(*stray, "x")
    return out.getvalue()


def test_a_stray_cell_at_the_end_of_the_sheet_is_told() -> None:
    made = batch(workbook((1_048_575, 16_383)))
    assert made.refusal is not None
    assert made.refusal.code == "unreadable"
    assert "stray cells" in str(made.refusal)


@pytest.mark.parametrize("stray", [None, (1, 16_000), (40_000, 40)])
def test_a_stray_cell_in_one_direction_costs_nothing(stray: tuple[int, int] | None) -> None:
    made = batch(workbook(stray))
    assert made.refusal is None
    assert made.lake is not None
    assert DOUYIN["主订单编号"].strip() in made.lake["channel_order_id"].to_list()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_archive_is_left_to_its_reader(data: bytes) -> None:
    refuse_endless_sheets(data)


def test_a_sheet_that_declares_too_much_is_judged_by_its_cells() -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        head = b'<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"/></row>'
        book.writestr("xl/worksheets/sheet1.xml", head)
    refuse_endless_sheets(out.getvalue())
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/worksheets/sheet2.xml", b'<c r="XFD1048576"/>')
    with pytest.raises(FileRefusedError):
        refuse_endless_sheets(out.getvalue())
