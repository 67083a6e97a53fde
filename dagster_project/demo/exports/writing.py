"""Bytes on disk: CSV in any encoding, XLSX, JSON, JSON lines, Parquet. The same frame gives the same bytes.

Which columns a file has belongs to the module of its source.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, Any

import polars as pl
import yaml

HEADERS_FILE = Path(__file__).parent.parent / "headers.yml"
XLSX_MAX_ROWS = 3_000
"""Cells of a workbook are written one by one (about 150,000 a second): larger files go out as CSV."""
XLSX_CREATED = datetime(2026, 1, 1)


@cache
def header(name: str) -> list[str]:
    """The column names of a platform file, in order."""
    return yaml.safe_load(HEADERS_FILE.read_text(encoding="utf-8"))[name]


def arrange(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """`frame` in the header's order; columns that the world does not know stay empty."""
    wanted = header(name)
    unknown = set(frame.columns) - set(wanted)
    if unknown:
        raise ValueError(f"headers.yml: {name} has no columns {sorted(unknown)}; mend the writer or the list")
    return frame.select(pl.col(c) if c in frame.columns else pl.lit("").alias(c) for c in wanted)


class Landing:
    """The landing folder; remembers how many files each source has got."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, int] = {}

    def path(self, source: str, name: str) -> Path:
        folder = self.root / source
        folder.mkdir(parents=True, exist_ok=True)
        self.files[source] = self.files.get(source, 0) + 1
        return folder / name

    def csv(
        self, source: str, name: str, frame: pl.DataFrame, encoding: str = "utf-8", quote: str = "necessary"
    ) -> Path:
        path = self.path(source, name)
        content = frame.with_columns(pl.all().cast(pl.String).fill_null("")).write_csv(quote_style=quote)  # type: ignore[call-overload]
        path.write_bytes(content.encode(encoding))
        return path

    def xlsx(self, source: str, name: str, frame: pl.DataFrame) -> Path:
        path = self.path(source, name)
        with path.open("wb") as file:
            _workbook(file, frame.with_columns(pl.all().cast(pl.String)))
        return path

    def jsonl(self, source: str, name: str, frame: pl.DataFrame) -> Path:
        path = self.path(source, name)
        frame.write_ndjson(path)
        return path

    def parquet(self, source: str, name: str, frame: pl.DataFrame) -> Path:
        path = self.path(source, name)
        frame.write_parquet(path)
        return path

    def raw(self, source: str, name: str, content: bytes) -> Path:
        path = self.path(source, name)
        path.write_bytes(content)
        return path


def _workbook(file: IO[bytes], frame: pl.DataFrame) -> None:
    """One sheet of text cells, written column by column; empty cells are left out."""
    import xlsxwriter

    options: dict[str, Any] = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"created": XLSX_CREATED})
    sheet = book.add_worksheet("Sheet1")
    sheet.write_row(0, 0, frame.columns)
    for number, column in enumerate(frame.iter_columns()):
        filled = column.is_not_null() & (column != "")
        if filled.any():
            sheet.write_column(1, number, column.to_list())
    book.close()
