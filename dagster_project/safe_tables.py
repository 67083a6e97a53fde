"""CSV and XLSX files that a spreadsheet program may open: no cell of ours ever runs as a formula there.

The only home of such writing; what the tables hold does not belong here.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

FORMULA_STARTS = r"^[\s\x00-\x1f]*[=+\-@＝＋－＠|%\t\r]"
"""A text that begins like this, blanks left out, may be taken for a formula or a command (CWE-1236)."""
LONGEST_XLSX_CELL = 32_767
LONGEST_SHEET_NAME = 31
_WIDEST_COLUMN = 60
_MODE = 0o640


def escaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Text cells that a spreadsheet program would run get an apostrophe in front; numbers stay numbers."""
    import polars as pl

    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    text = pl.col(texts)
    risky = text.str.contains(FORMULA_STARTS)
    return (
        frame.with_columns(pl.when(risky).then(pl.lit("'") + text).otherwise(text).name.keep())
        if texts
        else frame
    )


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """The table as CSV, UTF-8 with byte order mark, so that spreadsheet programs read Chinese right."""
    out = io.BytesIO()
    escaped(_flat(frame)).write_csv(out, include_bom=True, datetime_format="%Y-%m-%d %H:%M:%S")
    return out.getvalue()


def xlsx_bytes(sheets: Mapping[str, pl.DataFrame]) -> bytes:
    """One sheet a table, with a frozen bold header and a filter; texts stay texts, however they begin."""
    import polars as pl
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        times = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, frame in sheets.items():
            sheet = book.add_worksheet(name[:LONGEST_SHEET_NAME])
            sheet.write_row(0, 0, frame.columns, bold)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(frame.height, 1), max(frame.width - 1, 0))
            for at, (column, dtype) in enumerate(escaped(_flat(frame)).schema.items()):
                cells = escaped(_flat(frame))[column]
                if dtype == pl.String:
                    cells = cells.str.slice(0, LONGEST_XLSX_CELL)
                sheet.write_column(1, at, cells.to_list(), times if dtype.is_temporal() else None)
                widest = max([len(column), *cells.cast(pl.String).str.len_chars().drop_nulls().head(200)])
                sheet.set_column(at, at, min(widest + 4, _WIDEST_COLUMN))
    return out.getvalue()


def write(path: Path, content: bytes) -> None:
    """Replaces a file in one step; readable by the owner and the group."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "wb") as sink:
            sink.write(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists become text; a spreadsheet has no place for them."""
    import polars as pl

    lists = [name for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    return frame.with_columns(pl.col(name).list.join("; ") for name in lists)
