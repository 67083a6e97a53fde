"""Text columns → one text a row, compiled: a JSON object of its filled cells, or its cells joined by a
sign."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from dagster_project.lib.ingest.compiled.machine import Array, byte_at, compiled, inlined, load_at, store
from dagster_project.lib.ingest.compiled.texts import arrow_of, bits_of, fetch_text, length_at, text_at, texts
from dagster_project.lib.ingest.compiled.views import VIEW_BYTES, write_view

_FULL = -1
_LARGEST_BYTES = (1 << 31) - 1
"""A view cannot tell a place beyond it."""
_ROOM = 64
_AHEAD = 4
"""Rows that a text is asked for before it is copied: there are many of them in a row."""
_MOST_ESCAPED = 6
"""Bytes that one byte may come to in JSON."""
_WORD = 8
_QUOTE, _BACKSLASH, _COMMA, _OPEN, _CLOSE = 34, 92, 44, 123, 125


_LEAST_PLAIN = 32


def objects(frame: pl.DataFrame) -> pl.Series | None:
    """The filled cells of each row as a JSON object with the columns' names, null where there are none;
    null where they come to more bytes than a column of views can hold."""
    keys = [f"{json.dumps(name, ensure_ascii=False)}:".encode() for name in frame.columns]
    return _made(frame, keys, _objects)


def joined(frame: pl.DataFrame, separator: str) -> pl.Series | None:
    """The cells of each row with the separator between them, an empty one empty; null where all are empty."""
    ends = [separator.encode()] * (frame.width - 1) + [b""]
    return _made(frame, ends, _joined)


def _made(frame: pl.DataFrame, names: Sequence[bytes], write: Any) -> pl.Series | None:  # noqa: ANN401 (numba's own)
    import pyarrow as pa

    columns = [texts(frame[name]) for name in frame.columns]
    held = [each for _, each in columns]
    facts = np.array(
        [[column.views, _address(column.bits), column.bit, 0] for column, _ in columns], np.int64
    )
    places = [column.buffers for column, _ in columns]
    facts[:, 3] = np.cumsum([0, *(len(each) for each in places[:-1])])
    name_ends = np.cumsum([0, *(len(name) for name in names)], dtype=np.int64)
    every = np.frombuffer(b"".join(names) + bytes(_WORD), np.uint8)
    rows = frame.height
    size = int(frame.select(pl.sum_horizontal(pl.all().str.len_bytes().cast(pl.Int64).sum())).item() or 0)
    size += rows * (int(name_ends[-1]) + len(names) * 3 + 2)
    for bound in (size, size * _MOST_ESCAPED):
        if bound + _ROOM > _LARGEST_BYTES:
            return None
        text, views, bits = (
            np.empty(bound + _ROOM, np.uint8),
            np.zeros((rows + 1) * VIEW_BYTES, np.uint8),
            bits_of(rows),
        )
        used = write(rows, facts, np.concatenate(places), every, name_ends, text, bound, views, bits)
        if used != _FULL:
            del held
            return arrow_of(pa.string_view(), rows, bits, views, text[:used])
    return None


def _address(array: Array) -> int:
    return int(array.ctypes.data) if len(array) else 0


@inlined
def _filled(facts: Array, column: int, row: int) -> bool:
    bits, at = facts[column, 1], facts[column, 2] + row
    return bits == 0 or (byte_at(bits + (at >> 3)) >> (at & 7)) & 1 == 1


@inlined
def _copied(text: Array, to: int, at: int, length: int) -> int:
    """Copies a text behind `to`; where it ends. It stands in memory with eight bytes or more, or alone."""
    if length >= _WORD:
        step = 0
        while step < length - _WORD:
            store(text, to + step, load_at(at + step))
            step += _WORD
        store(text, to + length - _WORD, load_at(at + length - _WORD))
    else:
        for step in range(length):
            text[to + step] = byte_at(at + step)
    return to + length


@compiled
def _escaped(text: Array, to: int, at: int, length: int, most: int) -> int:
    """Writes a text as JSON has it, between quotes; where it ends, or _FULL."""
    for step in range(length):
        if to + _MOST_ESCAPED > most:
            return _FULL
        byte = byte_at(at + step)
        if byte >= _LEAST_PLAIN and byte not in (_QUOTE, _BACKSLASH):
            text[to] = byte
            to += 1
            continue
        text[to] = _BACKSLASH
        to += 2
        if byte >= _LEAST_PLAIN:
            text[to - 1] = byte
        elif byte == 8:
            text[to - 1] = 98
        elif byte == 9:
            text[to - 1] = 116
        elif byte == 10:
            text[to - 1] = 110
        elif byte == 12:
            text[to - 1] = 102
        elif byte == 13:
            text[to - 1] = 114
        else:
            text[to - 1], text[to], text[to + 1] = 117, 48, 48
            text[to + 2] = 48 + (byte >> 4)
            low = byte & 15
            text[to + 3] = 48 + low if low < 10 else 87 + low
            to += 4
    return to


@inlined
def _is_plain(at: int, length: int) -> bool:
    """Whether JSON writes every byte of a text as it is."""
    found = False
    for step in range(length):
        byte = byte_at(at + step)
        found |= (byte < _LEAST_PLAIN) | (byte == _QUOTE) | (byte == _BACKSLASH)
    return not found


@compiled
def _objects(
    rows: int,
    facts: Array,
    places: Array,
    names: Array,
    name_ends: Array,
    text: Array,
    most: int,
    views: Array,
    bits: Array,
) -> int:
    to = 0
    for row in range(rows):
        begin = to
        for column in range(len(facts)):
            if not _filled(facts, column, row):
                continue
            view = facts[column, 0] + row * VIEW_BYTES
            if row + _AHEAD < rows:
                fetch_text(view + _AHEAD * VIEW_BYTES, places[facts[column, 3] :])
            length = length_at(view)
            named = name_ends[column + 1] - name_ends[column]
            if to + length + named + _WORD > most:
                return _FULL
            text[to] = _COMMA if to > begin else _OPEN
            to = _copied(text, to + 1, names.ctypes.data + name_ends[column], named)
            text[to] = _QUOTE
            at = text_at(view, length, places[facts[column, 3] :])
            if _is_plain(at, length):
                to = _copied(text, to + 1, at, length)
            else:
                to = _escaped(text, to + 1, at, length, most)
                if to == _FULL:
                    return _FULL
            text[to] = _QUOTE
            to += 1
        if to > begin:
            text[to] = _CLOSE
            to += 1
            write_view(views, row * VIEW_BYTES, text, begin, to - begin, 0, begin)
            bits[row >> 3] |= np.uint8(1 << (row & 7))
    return to


@compiled
def _joined(
    rows: int,
    facts: Array,
    places: Array,
    ends: Array,
    end_ends: Array,
    text: Array,
    most: int,
    views: Array,
    bits: Array,
) -> int:
    to = 0
    for row in range(rows):
        begin = to
        known = False
        for column in range(len(facts)):
            if _filled(facts, column, row):
                known = True
                view = facts[column, 0] + row * VIEW_BYTES
                if row + _AHEAD < rows:
                    fetch_text(view + _AHEAD * VIEW_BYTES, places[facts[column, 3] :])
                length = length_at(view)
                to = _copied(text, to, text_at(view, length, places[facts[column, 3] :]), length)
            to = _copied(
                text, to, ends.ctypes.data + end_ends[column], end_ends[column + 1] - end_ends[column]
            )
        if known:
            write_view(views, row * VIEW_BYTES, text, begin, to - begin, 0, begin)
            bits[row >> 3] |= np.uint8(1 << (row & 7))
        else:
            to = begin
    return to
