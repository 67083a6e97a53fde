"""What kinds of bytes the texts of a column hold, counted: which cells need to be looked at closely, and
which cannot hold what is looked for."""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.lib.ingest.compiled.machine import Array, Word, byte_at, compiled, inlined
from dagster_project.lib.ingest.compiled.texts import (
    AHEAD,
    Texts,
    fetch_text,
    is_filled,
    length_at,
    text_at,
    texts,
)
from dagster_project.lib.ingest.compiled.views import VIEW_BYTES

_BLANK, _QUOTE, _STAR, _HYPHEN, _AT, _BACKSLASH, _NOT_ASCII = 32, 34, 42, 45, 64, 92, 128
_ZERO, _ONE, _THREE, _NINE = 48, 49, 51, 57
_PHONE_BYTES, _LANDLINE_DIGITS = 11, 7


def counted(cells: pl.Series, weights: Array, least_bytes: int = 1) -> Array:
    """The sum of the weights (int64, one for each byte) of the bytes of each cell; 0 for null, and for a
    cell of fewer bytes than `least_bytes`."""
    column, held = texts(cells)
    sums = np.zeros(column.rows, np.int64)
    _counted(column, weights, least_bytes, sums)
    del held
    return sums


def suspicious(cells: pl.Series) -> Array:
    """Which cells may hold a personal value, or a sign that JSON escapes: those with a byte that is not
    ASCII, an @, a quote, a backslash, a star or a control character; with the beginning of a mobile phone
    and bytes enough for the rest of it; and with seven digits behind a hyphen, as a landline has them."""
    column, held = texts(cells)
    found = np.zeros(column.rows, np.bool_)
    _suspicious(column, found)
    del held
    return found


@inlined
def _is_digit(byte: Word) -> bool:
    return _ZERO <= byte <= _NINE


@compiled
def _suspicious(column: Texts, found: Array) -> None:
    for row in range(column.rows):
        if row + AHEAD < column.rows:
            fetch_text(column.views + (row + AHEAD) * VIEW_BYTES, column.buffers)
        if not is_filled(column.bits, column.bit + row):
            continue
        view = column.views + row * VIEW_BYTES
        length = length_at(view)
        at = text_at(view, length, column.buffers)
        is_found = False
        for step in range(length):
            byte = byte_at(at + step)
            if byte < _BLANK or byte >= _NOT_ASCII or byte in (_AT, _QUOTE, _BACKSLASH, _STAR):
                is_found = True
            elif byte == _ONE and length - step >= _PHONE_BYTES:
                is_found |= _THREE <= byte_at(at + step + 1) <= _NINE and _is_digit(byte_at(at + step + 2))
            elif byte == _HYPHEN and length - step > _LANDLINE_DIGITS:
                is_landline = True
                for each in range(1, _LANDLINE_DIGITS + 1):
                    is_landline = is_landline and _is_digit(byte_at(at + step + each))
                is_found |= is_landline
        found[row] = is_found


@compiled
def _counted(column: Texts, weights: Array, least_bytes: int, sums: Array) -> None:
    for row in range(column.rows):
        if row + AHEAD < column.rows:
            fetch_text(column.views + (row + AHEAD) * VIEW_BYTES, column.buffers)
        if not is_filled(column.bits, column.bit + row):
            continue
        view = column.views + row * VIEW_BYTES
        length = length_at(view)
        if length < least_bytes:
            continue
        at = text_at(view, length, column.buffers)
        found = 0
        for step in range(length):
            found += weights[byte_at(at + step)]
        sums[row] = found
