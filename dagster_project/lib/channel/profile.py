"""What a file is that no contract knows: its kind, encoding, delimiter, header row, headers, and a sample.

Only a sample is read, and nothing is judged: what the columns mean is matching.py's work.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from dagster_project.lib.channel import text_sample
from dagster_project.lib.channel.header_row import Grid, header_row
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.parquet_rows import read_parquet
from dagster_project.lib.ingest.readers.sheets import is_damage
from dagster_project.lib.ingest.readers.source import ByteSource
from dagster_project.lib.ingest.rules.cells import canonical_cells, widths

SAMPLE_BYTES = 8 << 20
SAMPLE_ROWS = 20_000
_SIGNATURES = ((b"PK\x03\x04", "xlsx"), (b"\xd0\xcf\x11\xe0", "xls"), (b"PAR1", "parquet"))


@dataclass(frozen=True)
class Profile:
    """`cells` has one text column per header (c0 … cn), null where a cell is empty."""

    kind: str
    headers: tuple[str, ...]
    cells: pl.DataFrame
    header_line: int = 1
    encoding: str | None = None
    delimiter: str | None = None
    records: str | None = None
    """Of JSON: the list in each object whose items are the rows."""


def profile(path: Path, known: Collection[str]) -> Profile:
    """The profile of a file. `known`: canonical headers that help to find the header row.

    Raises LuyueError where the file is empty or no table, OSError where it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(SAMPLE_BYTES)
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise LuyueError(f"{path}: the file is empty; take an export with a few rows")
    kind = next((kind for mark, kind in _SIGNATURES if data.startswith(mark)), None)
    if kind == "parquet":
        return _parquet(path)
    if kind is not None:
        return _of_grid(path, kind, _workbook(path, known), known)
    text, encoding = text_sample.decoded(data, whole=len(data) < SAMPLE_BYTES)
    start = text.lstrip()[:1024].lower()
    if start.startswith("<") and ("<table" in text.lower() or "<html" in start):
        return _html(path, text, encoding, known)
    if start.startswith(("{", "[")):
        return _json(path, text, encoding)
    delimiter, grid = text_sample.grid(text, known)
    return _of_grid(path, "text", grid, known, encoding=encoding, delimiter=delimiter)


def _parquet(path: Path) -> Profile:
    """Cells as ingestion reads them: lists and structs as JSON, times as wall clock."""
    try:
        first = next(read_parquet(ByteSource(path)))
    except FileRefusedError as error:
        raise LuyueError(f"{path}: {error.reason}; export it again") from error
    return _profile("parquet", list(first.headers), first.frame.head(SAMPLE_ROWS))


def _of_grid(path: Path, kind: str, grid: Grid, known: Collection[str], **facts: str) -> Profile:
    at = header_row(grid, known)
    if at is None:
        raise LuyueError(f"{path}: no row of the first ones looks like a header; is it a table?")
    rows = grid.rows[at + 1 :]
    headers = list(grid.rows[at])
    width = len(headers)
    square = [(row + [None] * width)[:width] for row in rows if any(row)]
    frame = pl.DataFrame(square, schema=[(f"c{i}", pl.String) for i in range(width)], orient="row")
    return _profile(kind, [header or "" for header in headers], frame, grid.lines[at], **facts)


def _profile(
    kind: str,
    headers: list[str],
    frame: pl.DataFrame,
    header_line: int = 1,
    **facts: Any,  # noqa: ANN401
) -> Profile:
    frame = frame.rename({name: f"c{i}" for i, name in enumerate(frame.columns)})
    while headers and not headers[-1].strip() and not frame[f"c{len(headers) - 1}"].drop_nulls().len():
        headers.pop()
        frame = frame.drop(f"c{len(headers)}")
    cells = canonical_cells(frame, widths(frame))
    return Profile(kind, tuple(header.strip("\ufeff \t'") for header in headers), cells, header_line, **facts)


def _workbook(path: Path, known: Collection[str]) -> Grid:
    """The sheet with the most known names, the first of equals."""
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        frames = [
            book.load_sheet(
                name, header_row=None, skip_rows=0, n_rows=SAMPLE_ROWS, dtypes="string"
            ).to_polars()
            for name in book.sheet_names
        ]
    except BaseException as error:
        if not is_damage(error):
            raise
        raise LuyueError(
            f"{path}: the workbook cannot be read; export it again without a password"
        ) from error
    grids = [Grid([list(row) for row in frame.iter_rows()]) for frame in frames if frame.height]
    if not grids:
        raise LuyueError(f"{path}: no sheet of the workbook has a row")
    return max(grids, key=lambda grid: grid.known_names(known))


def _html(path: Path, text: str, encoding: str, known: Collection[str]) -> Profile:
    from dagster_project.lib.ingest.errors import FileRefusedError
    from dagster_project.lib.ingest.readers.sheets import read_html

    try:
        table = read_html(text, known)
    except FileRefusedError as error:
        raise LuyueError(f"{path}: an HTML page without a table of known columns: {error}") from error
    return _profile("html", list(table.headers), table.frame, encoding=encoding)


def _json(path: Path, text: str, encoding: str) -> Profile:
    objects = text_sample.json_objects(text, SAMPLE_ROWS)
    if not objects:
        raise LuyueError(f"{path}: JSON, but neither an object, a list of objects, nor one object a line")
    inner = [
        key
        for key, value in objects[0].items()
        if isinstance(value, list) and value and isinstance(value[0], dict)
    ]
    records = inner[0] if inner else None
    rows = [row for item in objects for row in _flat(item, records)]
    headers = list(dict.fromkeys(key for row in rows for key in row))
    table = [[row.get(key) for key in headers] for row in rows]
    frame = pl.DataFrame(table, schema=[(f"c{i}", pl.String) for i in range(len(headers))], orient="row")
    return _profile("json", headers, frame, encoding=encoding, records=records)


def _flat(item: dict[str, Any], records: str | None) -> list[dict[str, str | None]]:
    around = {key: _text(value) for key, value in item.items() if key != records}
    if records is None:
        return [around]
    inner = item.get(records)
    rows = [row for row in inner if isinstance(row, dict)] if isinstance(inner, list) else []
    return [around | {f"{records}[].{key}": _text(value) for key, value in row.items()} for row in rows]


def _text(value: Any) -> str | None:  # noqa: ANN401 (a JSON value)
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
