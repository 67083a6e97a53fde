"""An xlsx sheet that is too large to be laid out whole → its rows in parts: each is read from a small
workbook of its own, made of so many rows of the sheet and of what else the workbook says (styles, shared
texts).

What a cell's text is, is the workbook reader's to say; which rows are data stands in sheets.py.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.sheet_extent import refuse_endless_part

_HEAD_BYTES = 1 << 18
"""Of a sheet's text, in which its rows begin; and enough of them to find the header."""
_LARGEST_ROW_BYTES = 64 << 20
_SHEETS = "xl/worksheets/"
_NEEDED = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/[^/]+\.xml|xl/_rels/[^/]+|xl/theme/[^/]+")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_ROWS_BEGIN = re.compile(rb"<sheetData\s*>")
_ROW_END, _ROWS_END = b"</row>", b"</sheetData>"
_ROW_NUMBER = re.compile(rb'<row\b[^>]*?\sr="(\d+)"')
_ROW = re.compile(rb"<row\b")


@dataclass(frozen=True)
class LargeSheet:
    """A sheet of an xlsx workbook, by its name and by the part that holds it."""

    name: str
    part: str


class LargeBook:
    """A workbook some sheet of which is large."""

    def __init__(self, of: Path | bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(of) if isinstance(of, bytes) else of)
        names = [name for name in self._archive.namelist() if _NEEDED.fullmatch(name)]
        self._others = [(name, self._archive.read(name)) for name in names]

    def sheets(self) -> list[LargeSheet]:
        """The sheets in the workbook's order; none where its parts are not named as they should be, or its
        rows do not begin as usual."""
        relations = ElementTree.fromstring(self._archive.read("xl/_rels/workbook.xml.rels"))
        targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        found = []
        for sheet in ElementTree.fromstring(self._archive.read("xl/workbook.xml")).iter():
            if sheet.tag.endswith("}sheet"):
                target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
                part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
                if part not in self._archive.namelist() or not self._begins_as_usual(part):
                    return []
                found.append(LargeSheet(sheet.get("name", ""), part))
        return found

    def head(self, sheet: LargeSheet) -> pl.DataFrame:
        """The first rows of a sheet, from row 1 on; as many as stand in its first bytes, and at least one."""
        return next(self.parts(sheet, _HEAD_BYTES))[1]

    def parts(self, sheet: LargeSheet, size: int) -> Iterator[tuple[int, pl.DataFrame]]:
        """The rows of a sheet, as many at a time as stand in `size` bytes: number of the first, and their
        cells as text in columns c0, c1, …, as many of them as before or more."""
        first, width = 1, 0
        with self._archive.open(sheet.part) as stream:
            before, text = self._opened(stream)
            for rows in _whole_rows(stream, text, size):
                refuse_endless_part(rows)
                numbered = _ROW_NUMBER.match(rows, _begin(rows))
                at = int(numbered[1]) if numbered else first
                anchored = width > 0 and at > 1
                anchor = _anchor(at - 1 if numbered else None, width) if anchored else b""
                book = self._with(sheet.part, before + anchor + rows + b"</sheetData></worksheet>")
                grid = _laid_out(book, sheet.name, from_row_1=not anchored)
                if anchored:
                    grid = grid.slice(1)
                elif width == 0:
                    at = 1
                yield at, grid
                first, width = at + grid.height, max(width, grid.width)
            if width == 0:
                yield 1, pl.DataFrame()

    def _begins_as_usual(self, part: str) -> bool:
        with self._archive.open(part) as stream:
            head = stream.read(_HEAD_BYTES)
        return _ROWS_BEGIN.search(head) is not None or b"<sheetData/>" in head

    def _opened(self, stream: IO[bytes]) -> tuple[bytes, bytes]:
        """What stands before the rows, and the beginning of them."""
        head = stream.read(_HEAD_BYTES)
        begin = _ROWS_BEGIN.search(head)
        return (head[: begin.end()], head[begin.end() :]) if begin else (head, b"")

    def _with(self, part: str, text: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as book:
            for name, content in [*self._others, (part, text)]:
                book.writestr(name, content)
        return made.getvalue()


def is_large(of: Path | bytes, size: int) -> bool:
    """Whether a file is an xlsx workbook with a sheet of more text than `size`."""
    try:
        with zipfile.ZipFile(io.BytesIO(of) if isinstance(of, bytes) else of) as archive:
            parts = [part for part in archive.infolist() if part.filename.startswith(_SHEETS)]
            return any(part.file_size > size for part in parts)
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _whole_rows(stream: IO[bytes], text: bytes, size: int) -> Iterator[bytes]:
    while True:
        while len(text) < size and (more := stream.read(size - len(text))):
            text += more
        end = text.find(_ROWS_END)
        is_last = end >= 0 or len(text) < size
        rows_end = end if end >= 0 else len(text) if is_last else text.rfind(_ROW_END) + len(_ROW_END)
        if not is_last and rows_end < len(_ROW_END):
            if size > _LARGEST_ROW_BYTES:
                raise FileRefusedError("unreadable", "a row of the workbook has over 64 MB of text")
            size *= 2
            continue
        if _ROW.search(text, 0, rows_end):
            yield text[:rows_end]
        if is_last:
            return
        text = text[rows_end:]


def _begin(rows: bytes) -> int:
    found = _ROW.search(rows)
    assert found is not None
    return found.start()


def _anchor(row: int | None, width: int) -> bytes:
    """A row whose cells make the next ones stand in the columns that they stand in."""
    if row is None:
        cell = '<c t="inlineStr"><is><t>x</t></is></c>'
        return f"<row>{cell}{'<c/>' * (width - 2)}{cell if width > 1 else ''}</row>".encode()
    places = [f"A{row}", f"{_letters(width)}{row}"][: min(width, 2)]
    cells = "".join(f'<c r="{place}" t="inlineStr"><is><t>x</t></is></c>' for place in places)
    return f'<row r="{row}">{cells}</row>'.encode()


def _letters(number: int) -> str:
    """1 is A, 26 Z, 27 AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _laid_out(book: bytes, name: str, *, from_row_1: bool) -> pl.DataFrame:
    import fastexcel

    sheet = fastexcel.read_excel(book).load_sheet(
        name, header_row=None, skip_rows=0 if from_row_1 else None, dtypes="string"
    )
    frame = sheet.to_polars()
    return frame.rename({column: f"c{i}" for i, column in enumerate(frame.columns)})
