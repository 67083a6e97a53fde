"""One block of delimited text → rows and canonical cells, by compiled code, where all of its lines are
regular."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial

import numpy as np
import polars as pl

from dagster_project.lib.ingest.compiled.cutting import IRREGULAR, cut
from dagster_project.lib.ingest.compiled.machine import PADDING, Array, count, holds
from dagster_project.lib.ingest.compiled.mending import Marks, marks_of
from dagster_project.lib.ingest.compiled.views import VIEW_BYTES, arrow_column, polars_frame
from dagster_project.lib.ingest.readers.csv_lines import Rows
from dagster_project.lib.ingest.rules.cells import LARGEST_CELL_BYTES

_FEED, _RETURN = 10, 13
_DAMAGE = "\ufffd".encode()
_LEAST_WIDTH = 2
"""A blank line is a row of one cell to the one who cuts, and none to the one who reads."""


def regular_rows(
    data: bytes, delimiter: str, width: int, first: int, null_words: Iterable[str]
) -> Rows | None:
    """The rows of whole lines of UTF-8, with their canonical cells, as `parse_lines` would read them; null
    where a line is not regular, blank, or has a cell over 1 MB. `first` is the number of the first line."""
    if width < _LEAST_WIDTH or not data:
        return None
    padded = np.frombuffer(b"".join((data, b"\n", bytes(PADDING))), np.uint8)
    every = padded[: len(data)]
    feeds = count(every, _FEED)
    rows = feeds + (not data.endswith(b"\n"))
    marks = _marks(tuple(null_words))
    cells = _cut(padded, len(data), delimiter, rows, width, marks, True)
    if cells is None:
        return None
    lines = pl.int_range(first, first + rows, eager=True)
    damaged = holds(every, *_DAMAGE)
    raw = partial(_raw, padded, len(data), delimiter, rows, width, marks)
    ends = feeds + data.endswith(b"\r")
    return Rows(raw, lines, ends=ends, damaged=damaged, cells=cells)


def _raw(padded: Array, size: int, delimiter: str, rows: int, width: int, marks: Marks) -> pl.DataFrame:
    frame = _cut(padded, size, delimiter, rows, width, marks, False)
    assert frame is not None, "what was regular a moment ago is so still"
    return frame


def _cut(
    padded: Array, size: int, delimiter: str, rows: int, width: int, marks: Marks, mends: bool
) -> pl.DataFrame | None:
    import pyarrow as pa

    room = np.empty(width * rows * VIEW_BYTES + PADDING, np.uint8)
    side = np.empty(size + PADDING, np.uint8)
    facts = np.zeros((width, 2), np.int64)
    returns, used = cut(padded, size, ord(delimiter), rows, room, side, facts, marks, mends)
    longest, counts = facts[:, 0].max(), facts[:, 1].tolist()
    if returns == IRREGULAR or longest > LARGEST_CELL_BYTES or returns != count(padded[:size], _RETURN):
        return None
    buffers = [pa.py_buffer(padded), pa.py_buffer(side)] if used else [pa.py_buffer(padded)]
    empty = pa.nulls(rows, pa.string_view())
    columns = room[:-PADDING].reshape(width, -1)
    return polars_frame(
        [
            arrow_column(views, buffers, count) if count else empty
            for views, count in zip(columns, counts, strict=True)
        ]
    )


@lru_cache
def _marks(null_words: tuple[str, ...]) -> Marks:
    return marks_of(null_words)
