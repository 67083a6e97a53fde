"""Arrow's views of text: 16 bytes a cell, its length and the text itself, or where that stands.

A text of up to 12 bytes stands in its view; of a longer one the first four bytes do, the number of its
buffer and its place there. A view of zeros is an empty text: here, a cell that is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from dagster_project.lib.ingest.compiled.machine import Array, Word, compiled, inlined, load, store

if TYPE_CHECKING:
    import pyarrow as pa

VIEW_BYTES = 16
INLINE_BYTES = 12
"""The longest text that stands in its view."""
_WORD = 8
_32 = np.uint64(32)


@inlined
def write_view(views: Array, to: int, source: Array, begin: int, length: int, buffer: int, at: int) -> None:
    """Writes the view of `length` bytes (from 1 up) of `source` from `begin` on, which stand at `at` of the
    buffer of this number."""
    low = load(source, begin)
    if length > INLINE_BYTES:
        store(views, to, np.uint64(length) | (low << _32))
        store(views, to + _WORD, np.uint64(buffer) | (np.uint64(at) << _32))
        return
    high = np.uint64(0)
    if length < _WORD:
        low &= (np.uint64(1) << np.uint64(8 * length)) - np.uint64(1)
    elif length > _WORD:
        high = load(source, begin + _WORD) & (
            (np.uint64(1) << np.uint64(8 * (length - _WORD))) - np.uint64(1)
        )
    store(views, to, np.uint64(length) | (low << _32))
    store(views, to + _WORD, (low >> _32) | (high << _32))


@inlined
def length_of(views: Array, at: int) -> Word:
    """Bytes of the text whose view begins at `at`."""
    return np.int64(load(views, at) & np.uint64(0xFFFFFFFF))


@compiled
def filled(views: Array, bits: Array) -> None:
    """Sets a bit for each view that is not empty."""
    for row in range(len(views) // VIEW_BYTES):
        if length_of(views, row * VIEW_BYTES):
            bits[row >> 3] |= np.uint8(1 << (row & 7))


def arrow_column(views: Array, buffers: list[pa.Buffer], count: int) -> pa.Array:
    """The column of these views (uint8, 16 for each row), `count` of which are filled, empty ones null.
    Nothing is copied."""
    import pyarrow as pa

    rows = len(views) // VIEW_BYTES
    valid = None
    if count < rows:
        bits = np.zeros((rows + 7) // 8, np.uint8)
        filled(views, bits)
        valid = pa.py_buffer(bits)
    return pa.Array.from_buffers(
        pa.string_view(), rows, [valid, pa.py_buffer(views), *buffers], null_count=rows - count
    )


def polars_frame(columns: list[pa.Array]) -> pl.DataFrame:
    """The columns as c0, c1, …, not copied either."""
    import pyarrow as pa

    table = pa.Table.from_arrays(columns, [f"c{at}" for at in range(len(columns))])
    return cast("pl.DataFrame", pl.from_arrow(table))
