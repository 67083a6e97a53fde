"""Writing a table chunk by chunk by the file's extension: CSV (UTF-8), a workbook, or Parquet.

The file appears whole or not at all. A list stands as JSON text where the form knows no lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from dagster_project.lib.errors import LuyueError

SUFFIXES = (".csv", ".tsv", ".xlsx", ".parquet")
SHEET_ROWS = 1_048_575
"""Rows of one sheet below its header."""
LONGEST_CELL = 32_767
"""Characters that a cell of a workbook can hold."""


class Sink(Protocol):
    """Takes chunks of one table."""

    def write(self, chunk: pl.DataFrame) -> None: ...

    def close(self) -> None: ...


def checked(path: Path) -> Path:
    """The path, if something can be written there; LuyueError says why not."""
    if path.suffix.lower() not in SUFFIXES:
        raise LuyueError(
            f"{path}: cannot write this kind of file; name one that ends in {', '.join(SUFFIXES)}"
        )
    if path.is_dir():
        raise LuyueError(f"{path}: is a folder; name a file with --output")
    return path


@contextmanager
def opened(path: Path) -> Iterator[Sink]:
    """A sink whose file takes its name once everything was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    suffix = path.suffix.lower()
    sink: Sink
    if suffix == ".xlsx":
        sink = _Workbook(temporary)
    elif suffix == ".parquet":
        sink = _Parquet(temporary)
    else:
        sink = _Text(temporary, "\t" if suffix == ".tsv" else ",")
    try:
        yield sink
        sink.close()
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _lists_as_json(chunk: pl.DataFrame) -> pl.DataFrame:
    """Lists of texts as JSON; other nested or binary columns as their own text."""
    wide = []
    for name, kind in chunk.schema.items():
        if kind == pl.List(pl.String):
            quoted = pl.col(name).list.eval(pl.lit('"') + pl.element() + pl.lit('"'))
            wide.append((pl.lit("[") + quoted.list.join(", ") + pl.lit("]")).alias(name))
        elif kind.is_nested():
            wide.append(pl.struct(name).struct.json_encode().alias(name))
        elif kind in (pl.Binary, pl.Object):
            wide.append(pl.lit(None, dtype=pl.String).alias(name))
    return chunk.with_columns(wide)


class _Text:
    def __init__(self, path: Path, delimiter: str) -> None:
        self._file = path.open("wb")
        self._delimiter = delimiter
        self._has_header = False

    def write(self, chunk: pl.DataFrame) -> None:
        _lists_as_json(chunk).write_csv(
            self._file, include_header=not self._has_header, separator=self._delimiter
        )
        self._has_header = True

    def close(self) -> None:
        self._file.close()


class _Parquet:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def write(self, chunk: pl.DataFrame) -> None:
        import pyarrow.parquet as pq

        table = chunk.to_arrow()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        told = self._writer.schema
        self._writer.write_table(table if table.schema.equals(told) else table.cast(told))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


class _Workbook:
    """One sheet; nothing in a cell is taken for a formula or a link."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter

        options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._sheet = self._book.add_worksheet("addresses")
        self._row = 0

    def write(self, chunk: pl.DataFrame) -> None:
        if self._row + chunk.height > SHEET_ROWS:
            raise LuyueError(
                f"over {SHEET_ROWS} rows do not fit a sheet; name a .csv or .parquet with --output"
            )
        texts = _lists_as_json(chunk).with_columns(
            pl.selectors.by_dtype(pl.String).str.slice(0, LONGEST_CELL),
            pl.selectors.temporal().cast(pl.String),
        )
        if not self._row:
            self._sheet.write_row(0, 0, texts.columns)
        for cells in texts.iter_rows():
            self._row += 1
            self._sheet.write_row(self._row, 0, cells)

    def close(self) -> None:
        self._book.close()
