"""How far the sheets of an xlsx workbook reach, before a reader lays them out cell by cell.

One stray cell in the last row and column of a sheet makes a table of 17 billion cells out of a file of a few
kilobytes, and the reader ends the whole process. What the cells hold is no concern here.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from pathlib import Path

from dagster_project.lib.ingest.errors import FileRefusedError

MOST_CELLS = 100_000_000
"""Of one sheet: a million rows of a hundred columns, about 3 GB while it is read."""
SCANNED_BYTES = 16 << 20
"""Sheets up to this size are looked through; larger ones only where they declare a size beyond belief."""
_OVERLAP_BYTES = 64
_HEAD_BYTES = 1 << 12
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]{1,3}\d+:([A-Z]{1,3})(\d{1,7})"')
_FAR = re.compile(rb'<c r="[A-Z]{3}\d')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')


def refuse_endless_sheets(book: Path | bytes) -> None:
    """Refuses a workbook with a sheet of more than MOST_CELLS. What is no archive is left to its reader."""
    try:
        with zipfile.ZipFile(io.BytesIO(book) if isinstance(book, bytes) else book) as archive:
            for part in archive.infolist():
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                    _check(archive, part)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        return


def _check(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    rows = columns = 0
    with archive.open(part) as sheet:
        text = sheet.read(_HEAD_BYTES)
        if part.file_size > SCANNED_BYTES and math.prod(_corner(_DIMENSION.findall(text))) <= MOST_CELLS:
            return
        while text:
            found = _corner(_CELL.findall(text))
            rows, columns = max(rows, found[0]), max(columns, found[1])
            more = sheet.read(SCANNED_BYTES)
            text = text[-_OVERLAP_BYTES:] + more if more else b""
    if rows * columns > MOST_CELLS:
        raise _endless(rows, columns)


def refuse_endless_part(text: bytes) -> None:
    """Refuses some rows of a sheet that reach over more than MOST_CELLS."""
    if _FAR.search(text):
        places = _CELL.findall(text)
        least = min(int(row) for _, row in places)
        rows, columns = _corner(places)
        if (rows - least + 1) * columns > MOST_CELLS:
            raise _endless(rows, columns)


def _endless(rows: int, columns: int) -> FileRefusedError:
    return FileRefusedError(
        "unreadable",
        f"a sheet reaches over {rows:,} rows and {columns:,} columns, which no table does: delete the "
        "stray cells far below or to the right of it, and export the file again",
    )


def _corner(places: list[tuple[bytes, bytes]]) -> tuple[int, int]:
    """The last row and the last column of some places."""
    rows = max((int(row) for _, row in places), default=0)
    columns = max((_number(letters) for letters in {letters for letters, _ in places}), default=0)
    return rows, columns


def _number(letters: bytes) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
