"""Masks of phones in their usual forms, compiled: 13812341234; 138****1234, masked by the platform; and
13812341234-1234, a number that the platform lends.

What is written otherwise is only pointed at: personal/masks.py masks it.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.lib.ingest.compiled.machine import PADDING, Array, byte_at, compiled, inlined
from dagster_project.lib.ingest.compiled.texts import (
    AHEAD,
    Texts,
    arrow_of,
    bits_of,
    fetch_text,
    is_filled,
    length_at,
    text_at,
    texts,
)
from dagster_project.lib.ingest.compiled.views import VIEW_BYTES, write_view

_PHONE_BYTES, _LENT_BYTES, _MASK_BYTES = 11, 16, 15
_HIDDEN_FROM, _HIDDEN_TO = 3, 7
_ZERO, _ONE, _NINE, _STAR, _HYPHEN = 48, 49, 57, 42, 45


def masked_phones(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The mask of each phone of a usual form, null else; and which cells are filled and of no such form."""
    import pyarrow as pa

    column, held = texts(cells)
    views, bits = np.zeros((column.rows + 1) * VIEW_BYTES, np.uint8), bits_of(column.rows)
    text = np.empty(column.rows * _MASK_BYTES + PADDING, np.uint8)
    others = np.zeros(column.rows, np.bool_)
    _masked(column, text, views, bits, others)
    del held
    made = arrow_of(pa.string_view(), column.rows, bits, views, text)
    return made.alias(cells.name), pl.Series(others, dtype=pl.Boolean)


@inlined
def _are(at: int, begin: int, end: int, least: int, most: int) -> bool:
    """Whether these bytes of the text at an address all lie between two."""
    found = True
    for step in range(begin, end):
        found &= least <= byte_at(at + step) <= most
    return found


@compiled
def _masked(column: Texts, text: Array, views: Array, bits: Array, others: Array) -> None:
    for row in range(column.rows):
        if row + AHEAD < column.rows:
            fetch_text(column.views + (row + AHEAD) * VIEW_BYTES, column.buffers)
        if not is_filled(column.bits, column.bit + row):
            continue
        view = column.views + row * VIEW_BYTES
        length = length_at(view)
        is_usual = length in (_PHONE_BYTES, _LENT_BYTES)
        if is_usual:
            at = text_at(view, length, column.buffers)
            is_whole = _are(at, _HIDDEN_FROM, _HIDDEN_TO, _ZERO, _NINE)
            is_usual = _are(at, 0, 1, _ONE, _ONE) and _are(at, 1, _HIDDEN_FROM, _ZERO, _NINE)
            is_usual = is_usual and _are(at, _HIDDEN_TO, _PHONE_BYTES, _ZERO, _NINE)
            if length == _PHONE_BYTES:
                is_usual = is_usual and (is_whole or _are(at, _HIDDEN_FROM, _HIDDEN_TO, _STAR, _STAR))
            else:
                is_usual = is_usual and is_whole and byte_at(at + _PHONE_BYTES) == _HYPHEN
                is_usual = is_usual and _are(at, _PHONE_BYTES + 1, _LENT_BYTES, _ZERO, _NINE)
        if not is_usual:
            others[row] = True
            continue
        to = row * _MASK_BYTES
        for step in range(_PHONE_BYTES):
            text[to + step] = byte_at(at + step)
        for step in range(_HIDDEN_FROM, _HIDDEN_TO):
            text[to + step] = _STAR
        shown = _PHONE_BYTES
        if length == _LENT_BYTES:
            shown = _MASK_BYTES
            text[to + _PHONE_BYTES] = _HYPHEN
            for step in range(_PHONE_BYTES + 1, _MASK_BYTES):
                text[to + step] = _STAR
        write_view(views, row * VIEW_BYTES, text, to, shown, 0, to)
        bits[row >> 3] |= np.uint8(1 << (row & 7))
