"""Which rows of a text column hold the same text: each text's number, in the order in which they first
occur."""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.lib.ingest.compiled.machine import Array, Word, compiled, inlined, load_at
from dagster_project.lib.ingest.compiled.texts import (
    AHEAD,
    Texts,
    fetch_text,
    is_filled,
    length_at,
    text_at,
    texts,
)
from dagster_project.lib.ingest.compiled.views import INLINE_BYTES, VIEW_BYTES

NO_ROW = -1
_WORD = 8
_ODD = np.uint64(0x9E3779B97F4A7C15)
_OTHER = np.uint64(0xC2B2AE3D27D4EB4F)
_HALF = np.uint64(29)
_LEAST_PLACES = 64


def numbered(cells: pl.Series) -> tuple[Array, Array]:
    """The row of each distinct text, and for each row the number of its text, NO_ROW for null."""
    column, held = texts(cells)
    places = _LEAST_PLACES
    while places < 2 * column.rows:
        places *= 2
    table = np.full(places, NO_ROW, np.int32)
    numbers, firsts = np.empty(column.rows, np.int32), np.empty(column.rows, np.int32)
    count = _numbered(column, table, numbers, firsts)
    del held
    return firsts[:count], numbers


@inlined
def _hashed(view: int, length: int, buffers: Array) -> Word:
    made = load_at(view) * _ODD
    if length <= INLINE_BYTES:
        made ^= load_at(view + _WORD) * _OTHER
    else:
        at = text_at(view, length, buffers)
        end = at + length - _WORD
        while at < end:
            made = ((made ^ load_at(at)) * _ODD) ^ (made >> _HALF)
            at += _WORD
        made = (made ^ load_at(end)) * _OTHER
    return made ^ (made >> _HALF)


@inlined
def _equal(one: int, other: int, length: int, buffers: Array) -> bool:
    """Whether the texts of two views of this length are one; the views begin alike."""
    if length <= INLINE_BYTES:
        return load_at(one + _WORD) == load_at(other + _WORD)
    left, right = text_at(one, length, buffers), text_at(other, length, buffers)
    step = 0
    while step < length - _WORD:
        if load_at(left + step) != load_at(right + step):
            return False
        step += _WORD
    return load_at(left + length - _WORD) == load_at(right + length - _WORD)


@compiled
def _numbered(column: Texts, table: Array, numbers: Array, firsts: Array) -> int:
    count = 0
    mask = np.uint64(len(table) - 1)
    for row in range(column.rows):
        if row + AHEAD < column.rows:
            fetch_text(column.views + (row + AHEAD) * VIEW_BYTES, column.buffers)
        if not is_filled(column.bits, column.bit + row):
            numbers[row] = NO_ROW
            continue
        view = column.views + row * VIEW_BYTES
        length = length_at(view)
        place = _hashed(view, length, column.buffers) & mask
        while True:
            number = table[place]
            if number == NO_ROW:
                table[place] = count
                firsts[count] = row
                number = count
                count += 1
                break
            first = column.views + np.int64(firsts[number]) * VIEW_BYTES
            if load_at(first) == load_at(view) and _equal(first, view, length, column.buffers):
                break
            place = (place + np.uint64(1)) & mask
        numbers[row] = number
    return count
