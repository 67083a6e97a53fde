"""A text column of Polars as compiled functions see it: its views, which of them are filled, and where the
longer texts stand. Nothing is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from dagster_project.lib.ingest.compiled.machine import Array, Word, fetch, inlined, load_at
from dagster_project.lib.ingest.compiled.views import INLINE_BYTES, VIEW_BYTES

if TYPE_CHECKING:
    import pyarrow as pa

_INLINE_AT, _PLACE_AT = 4, 8
"""Where a view holds its text, and where it says where that stands."""
AHEAD = 16
"""Rows that a text is asked for before it is read."""
_32 = np.uint64(32)
_LENGTH = np.uint64(0xFFFFFFFF)


class Texts(NamedTuple):
    """A column for compiled functions: number of rows, address of the views, the bits of the filled ones
    (empty where all are) with the place of the first, addresses of the buffers."""

    rows: int
    views: int
    bits: Array
    bit: int
    buffers: Array


def texts(cells: pl.Series) -> tuple[Texts, Any]:
    """The column, and what must live as long as it is used."""
    arrow = cells.rechunk().to_arrow(compat_level=pl.CompatLevel.newest())
    valid, views, *data = arrow.buffers()
    bits = np.frombuffer(valid, np.uint8) if valid is not None and arrow.null_count else _NONE
    bits.flags.writeable = False
    places = np.array([buffer.address for buffer in data], np.int64) if data else _NOWHERE
    return Texts(len(arrow), views.address + arrow.offset * VIEW_BYTES, bits, arrow.offset, places), arrow


_NONE, _NOWHERE = np.empty(0, np.uint8), np.zeros(1, np.int64)


@inlined
def is_filled(bits: Array, at: int) -> bool:
    """Whether the bit at this place is set; true where there are none."""
    return len(bits) == 0 or (bits[at >> 3] >> (at & 7)) & 1 == 1


@inlined
def length_at(view: int) -> Word:
    """Bytes of the text whose view stands at this address."""
    return np.int64(load_at(view) & _LENGTH)


@inlined
def text_at(view: int, length: int, buffers: Array) -> int:
    """Address of the text whose view stands at this address."""
    if length <= INLINE_BYTES:
        return view + _INLINE_AT
    place = load_at(view + _PLACE_AT)
    return buffers[np.int64(place & _LENGTH)] + np.int64(place >> _32)


@inlined
def fetch_text(view: int, buffers: Array) -> None:
    """Has the text of the view at this address brought nearer: rows lie far from each other, and waiting
    for them is what costs. The view may be that of a null."""
    if length_at(view) > INLINE_BYTES:
        place = load_at(view + _PLACE_AT)
        buffer = np.int64(place & _LENGTH)
        if buffer < len(buffers):
            fetch(buffers[buffer] + np.int64(place >> _32))


def bits_of(rows: int) -> Array:
    """Room for a bit for each row, none set."""
    return np.zeros((rows + 7) // 8, np.uint8)


def arrow_of(kind: pa.DataType, rows: int, bits: Array, values: Array, *more: Array) -> pl.Series:
    """The column of a type whose bits and values compiled functions have written."""
    import pyarrow as pa

    buffers = [pa.py_buffer(bits), *(pa.py_buffer(each) for each in (values, *more))]
    made = pl.from_arrow(pa.Array.from_buffers(kind, rows, buffers))
    assert isinstance(made, pl.Series)
    return made
