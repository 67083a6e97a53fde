"""One block of delimited text → rows and canonical cells, by compiled code, where all of its lines are
regular."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import polars as pl

from dagster_project.lib.ingest.readers.compiled.cutting import IRREGULAR, cut
from dagster_project.lib.ingest.readers.compiled.machine import PADDING, count, holds
from dagster_project.lib.ingest.readers.compiled.mending import Marks, marks_of, mend
from dagster_project.lib.ingest.readers.compiled.views import VIEW_BYTES, arrow_column, polars_frame
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
    size, marks = len(data), _marks(tuple(null_words))
    padded = np.frombuffer(b"".join((data, b"\n", bytes(PADDING))), np.uint8)
    every = padded[:size]
    ends = count(every, _FEED)
    rows = ends + (not data.endswith(b"\n"))
    if width < _LEAST_WIDTH or not size:
        return None
    room = np.zeros(width * rows * VIEW_BYTES + PADDING, np.uint8)
    side = np.empty(size + PADDING, np.uint8)
    facts = np.zeros((width, 3), np.int64)
    returns, used = cut(padded, size, ord(delimiter), rows, room, side, facts, marks.kinds)
    if returns == IRREGULAR or returns != count(every, _RETURN) or facts[:, 0].max() > LARGEST_CELL_BYTES:
        return None
    import pyarrow as pa

    buffers = [pa.py_buffer(padded), pa.py_buffer(side)] if used else [pa.py_buffer(padded)]
    empty = pa.nulls(rows, pa.string_view())
    raw, cells = [], []
    spare = np.empty(0, np.uint8)
    for column, views in enumerate(room[:-PADDING].reshape(width, -1)):
        if not facts[column, 1]:
            raw.append(empty)
            cells.append(empty)
            continue
        raw.append(arrow_column(views, buffers))
        cells.append(raw[-1])
        if facts[column, 2]:
            spare = spare if len(spare) else np.empty(len(views) + PADDING, np.uint8)
            if mend(views, padded, side, marks, spare[:-PADDING]):
                cells[-1], spare = arrow_column(spare[:-PADDING], buffers), spare[:0]
    lines = pl.int_range(first, first + rows, eager=True)
    damaged = holds(every, *_DAMAGE)
    return Rows(polars_frame(raw), lines, ends=ends, damaged=damaged, cells=polars_frame(cells))


@lru_cache
def _marks(null_words: tuple[str, ...]) -> Marks:
    return marks_of(null_words)
