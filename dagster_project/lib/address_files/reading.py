"""A table of addresses, chunk by chunk: delimited text of any usual encoding, a workbook, or Parquet.

Every row comes back, in order: a line with too few or too many cells is filled up or cut and counted. Which
column holds what is no concern here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from dagster_project.lib.address_files import delimited
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.sniff import kind_of
from dagster_project.lib.ingest.readers.source import ByteSource

CHUNK_ROWS = 200_000
"""Rows of Parquet and workbooks at a time; text comes in blocks of about so many."""


@dataclass
class Table:
    """The names of the columns, each once; the rows; what people should know, complete after the last row."""

    columns: list[str]
    chunks: Iterator[pl.DataFrame]
    rows: int | None = None
    """How many rows there are, where the file says so."""
    notices: list[str] = field(default_factory=list)


def open_table(path: Path, column: str, rows: int = CHUNK_ROWS) -> Table:
    """The table in the file; `column` tells a text's delimiter, `rows` how many come at a time of a Parquet
    file. LuyueError where it is no table or empty."""
    if path.is_dir():
        raise LuyueError(f"{path}: is a folder; name one file with --input")
    if not path.exists():
        raise LuyueError(f"{path}: no such file; name a CSV, XLSX or Parquet file with --input")
    source = ByteSource(path)
    try:
        kind = kind_of(source)
    except FileRefusedError as error:
        raise LuyueError(
            f"{path}: the file is empty; it needs a header row with the column {column}"
        ) from error
    if kind == "parquet":
        return _parquet(path, rows)
    if kind in ("xlsx", "xls"):
        return _workbook(path, column)
    if kind != "text":
        raise LuyueError(f"{path}: holds {kind.upper()}; save it as CSV, XLSX or Parquet")
    headers, chunks, notices = delimited.open_text(source, path, column)
    return Table(headers, chunks, notices=notices)


def _parquet(path: Path, rows: int) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except pa.ArrowException as error:
        raise LuyueError(f"{path}: is no readable Parquet file ({_line(error)}); export it again") from error

    def chunks() -> Iterator[pl.DataFrame]:
        given = 0
        try:
            for batch in file.iter_batches(batch_size=rows):
                frame = pl.from_arrow(pa.Table.from_batches([batch]))
                assert isinstance(frame, pl.DataFrame)
                given += frame.height
                yield frame
        except pa.ArrowException as error:
            raise LuyueError(
                f"{path}: is damaged behind row {given} ({_line(error)}); export it again"
            ) from error
        if not given:
            empty = pl.from_arrow(file.schema_arrow.empty_table())
            assert isinstance(empty, pl.DataFrame)
            yield empty

    return Table(list(file.schema_arrow.names), chunks(), file.metadata.num_rows)


def _workbook(path: Path, column: str) -> Table:
    """The first sheet whose first row names the column, else the first sheet; every cell as text."""
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        grids = (
            book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
            for name in book.sheet_names
        )
        first, grid = None, None
        for one in grids:
            if one.height and column in delimited.trimmed(one.row(0)):
                grid = one
                break
            first = one if first is None and one.height else first
    except fastexcel.FastExcelError as error:
        raise LuyueError(f"{path}: the workbook cannot be read ({_line(error)}); save it again") from error
    grid = first if grid is None else grid
    if grid is None:
        raise LuyueError(f"{path}: no sheet has a row; the first row must name the column {column}")
    headers, notices = delimited.unique_names(delimited.trimmed(grid.row(0)))
    rows = grid.slice(1)
    rows.columns = headers
    chunks = (rows.slice(at, CHUNK_ROWS) for at in range(0, max(rows.height, 1), CHUNK_ROWS))
    return Table(headers, chunks, rows.height, notices)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
