"""Workbooks (xlsx, OLE2 xls) and HTML tables named .xls → RawTable.

Of several sheets the one with the most known names is read. The size that a sheet declares of itself is not
trusted.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.headers import HEADER_SCAN_ROWS, canonical_header, find_header
from dagster_project.lib.ingest.readers.sheet_extent import refuse_endless_sheets
from dagster_project.lib.ingest.readers.sheet_parts import LargeBook, LargeSheet, is_large
from dagster_project.lib.ingest.readers.source import ByteSource
from dagster_project.lib.ingest.readers.table import RawTable

if TYPE_CHECKING:
    import fastexcel

WIDE = 1_000
"""Columns; no export has so many, but a damaged or a carelessly formatted workbook may."""
_LARGE_BLOCKS, _PART_BLOCKS = 8, 3
"""Blocks of text from which on a sheet of an xlsx workbook is read in parts, and of one part."""
_DAMAGED = "the workbook is cut off or damaged; export it again"
BYTES_PER_ROW = 1 << 10
"""A chunk of a sheet has block_bytes / BYTES_PER_ROW rows: those of orders are about so long as text."""


def read_workbook(source: ByteSource, known: Collection[str]) -> Iterator[RawTable]:
    """The best sheet of a workbook, so many rows at a time; numbers and times come as text, times as
    YYYY-MM-DD HH:MM:SS."""
    import fastexcel

    refuse_endless_sheets(source.of)
    if is_large(source.of, source.block_bytes * _LARGE_BLOCKS):
        try:
            book = LargeBook(source.of)
            if sheets := book.sheets():
                yield from _in_parts(book, sheets, known, source.block_bytes * _PART_BLOCKS)
                return
        except FileRefusedError:
            raise
        except BaseException as error:
            if not is_damage(error):
                raise
            raise FileRefusedError("unreadable", _DAMAGED) from error
    try:
        book = fastexcel.read_excel(source.of)
        name, grid, filled = _best_sheet(book, known)
    except FileRefusedError:
        raise
    except BaseException as error:
        if not is_damage(error):
            raise
        raise FileRefusedError("unreadable", _DAMAGED) from error
    del book
    table = _below_header(grid, known)
    del grid
    if filled > 1:
        table.notices.append(f"sheet {name} was read, the other {filled - 1} were not")
    rows = max(source.block_bytes // BYTES_PER_ROW, 1)
    for start in range(0, max(table.frame.height, 1), rows):
        yield replace(table, raw=table.frame.slice(start, rows), lines=table.lines.slice(start, rows))


def is_damage(error: BaseException) -> bool:
    """Whether the workbook's reader failed: by its own error, or by a panic on bytes it never expected."""
    import fastexcel

    of_archive = (zipfile.BadZipFile, zlib.error, EOFError, ElementTree.ParseError, KeyError)
    is_known = isinstance(error, (fastexcel.FastExcelError, *of_archive))
    return is_known or type(error).__module__ == "pyo3_runtime"


def _in_parts(
    book: LargeBook, sheets: Sequence[LargeSheet], known: Collection[str], size: int
) -> Iterator[RawTable]:
    """The best sheet by the first rows of each, part by part."""
    heads = {sheet: book.head(sheet) for sheet in sheets}
    filled = [sheet for sheet, head in heads.items() if head.height]
    if not filled:
        raise FileRefusedError("no_header", "no sheet of the workbook has a row")
    best = max(filled, key=lambda sheet: _names_known(heads[sheet], known))
    headers: list[str] | None = None
    for first, grid in book.parts(best, size):
        if headers is None:
            table = _below_header(grid, known)
            headers = table.headers
            if len(filled) > 1:
                table.notices.append(f"sheet {best.name} was read, the other {len(filled) - 1} were not")
        else:
            table = _rows(grid, first, headers + [""] * (grid.width - len(headers)))
        yield table


def _best_sheet(book: fastexcel.ExcelReader, known: Collection[str]) -> tuple[str, pl.DataFrame, int]:
    """Name and cells of the sheet with the most known names, and how many sheets have rows. One sheet is held
    in memory beside the best so far."""
    best: tuple[int, str, pl.DataFrame] | None = None
    filled = 0
    for name in book.sheet_names:
        grid = _grid(book, name)
        if grid.height:
            filled += 1
            names = _names_known(grid, known)
            if best is None or names > best[0]:
                best = (names, name, grid)
    if best is None:
        raise FileRefusedError("no_header", "no sheet of the workbook has a row")
    return best[1], best[2], filled


def read_html(text: str, known: Collection[str]) -> RawTable:
    """The best table of an HTML page."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    grids = [_square(rows) for rows in parser.tables if rows]
    if not grids:
        raise FileRefusedError("unreadable", "the HTML page holds no table")
    table = _below_header(max(grids, key=lambda grid: _names_known(grid, known)), known)
    table.notices.append("the file is an HTML table and was read as one")
    return table


def _grid(book: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    frame = sheet.to_polars() if sheet.width <= WIDE else _filled_columns(sheet)
    return frame.rename({column: f"c{i}" for i, column in enumerate(frame.columns)})


def _filled_columns(sheet: fastexcel.ExcelSheet) -> pl.DataFrame:
    """The columns of a sheet that have a cell: a stray one far to the right makes thousands without any."""
    cells = sheet.to_arrow()
    filled = [i for i, column in enumerate(cells.columns) if column.null_count < len(column)]
    frame = pl.from_arrow(cells.select(filled))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _head(grid: pl.DataFrame) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in grid.head(HEADER_SCAN_ROWS).iter_rows()]


def _names_known(grid: pl.DataFrame, known: Collection[str]) -> int:
    return max(len({canonical_header(cell) for cell in row} & set(known)) for row in _head(grid))


def _below_header(grid: pl.DataFrame, known: Collection[str]) -> RawTable:
    head = _head(grid)
    at = find_header(head, known)
    return _rows(grid.slice(at + 1), at + 2, head[at])


def _rows(frame: pl.DataFrame, first: int, headers: list[str]) -> RawTable:
    """The rows with a cell; `first` is the number of the first row."""
    lines = pl.int_range(first, first + frame.height, eager=True).alias("line")
    filled = frame.select(pl.any_horizontal((pl.all() != "").fill_null(False))).to_series()
    return RawTable(headers, frame.filter(filled), lines.filter(filled))


def _square(rows: list[list[str]]) -> pl.DataFrame:
    width = max(len(row) for row in rows)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return pl.DataFrame(padded, schema=[(f"c{i}", pl.String) for i in range(width)], orient="row")


class _Tables(HTMLParser):
    """Collects the cells of every table; a nested table's text belongs to the outer cell."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._depth = 0
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._end_cell()
            self._depth -= 1
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self._cell is not None and self.tables:
            if not self.tables[-1]:
                self.tables[-1].append([])
            self.tables[-1][-1].append("".join(self._cell).strip())
        self._cell = None
