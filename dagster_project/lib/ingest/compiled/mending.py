"""Cells → canonical cells, compiled: blanks, ="…", a leading apostrophe, null words, as rules/cells.py says.

A cell is looked at by its first and last byte; few are looked at further.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from dagster_project.lib.ingest.compiled.machine import (
    Array,
    compiled,
    inlined,
)
from dagster_project.lib.ingest.rules.cells import BLANKS

_QUOTE, _EQUALS, _APOSTROPHE = 34, 61, 39
_LEAST_WRAPPED = 3
BLANK, WIDE_START, WIDE_END, DRESS, WORD = 1, 2, 4, 8, 16
STARTS, ENDS = BLANK | WIDE_START | DRESS | WORD, BLANK | WIDE_END
"""What the first and the last byte of a cell may tell."""


class Marks(NamedTuple):
    """What the canonical form depends on. `kinds` tells of each byte whether it is a blank, a blank of
    several bytes may begin or end with it, it begins a decoration, or a null word may begin with it; `wide`
    holds those blanks, length and bytes in one number; the null words lie end to end."""

    kinds: Array
    wide: Array
    words: Array
    word_ends: Array


def marks_of(null_words: Iterable[str]) -> Marks:
    """The marks for these null words."""
    blanks, words = [each.encode() for each in BLANKS], [word.encode() for word in null_words if word]
    kinds = np.zeros(256, np.uint8)
    for each in blanks:
        kinds[each[0]] |= BLANK if len(each) == 1 else WIDE_START
        kinds[each[-1]] |= BLANK if len(each) == 1 else WIDE_END
    for byte in (_EQUALS, _APOSTROPHE):
        kinds[byte] |= DRESS
    for word in words:
        kinds[word[0]] |= WORD
    wide = [len(each) | int.from_bytes(each, "little") << 8 for each in blanks if len(each) > 1]
    ends = np.cumsum([len(word) for word in words], dtype=np.int64)
    return Marks(kinds, np.array(wide, np.int64), np.frombuffer(b"".join(words) + b"\0", np.uint8), ends)


@compiled
def _wide_at(data: Array, begin: int, end: int, wide: Array, at_end: bool) -> int:
    """Bytes of the blank of several bytes that the text begins or ends with; 0 if it does not."""
    for each in wide:
        length = each & 255
        if length <= end - begin:
            at = end - length if at_end else begin
            equal = True
            for back in range(length):
                equal = equal and data[at + back] == (each >> (8 + 8 * back)) & 255
            if equal:
                return length
    return 0


@inlined
def _stripped(data: Array, begin: int, end: int, marks: Marks) -> tuple[int, int]:
    """Where the text begins and ends without blanks."""
    step = 1
    while step and begin < end:
        kind, step = marks.kinds[data[begin]], 0
        if kind & BLANK:
            step = 1
        elif kind & WIDE_START:
            step = _wide_at(data, begin, end, marks.wide, False)
        begin += step
    step = 1
    while step and begin < end:
        kind, step = marks.kinds[data[end - 1]], 0
        if kind & BLANK:
            step = 1
        elif kind & WIDE_END:
            step = _wide_at(data, begin, end, marks.wide, True)
        end -= step
    return begin, end


@compiled
def _is_word(data: Array, begin: int, end: int, words: Array, word_ends: Array) -> bool:
    start = 0
    for stop in word_ends:
        if stop - start == end - begin:
            equal = True
            for each in range(start, stop):
                equal = equal and data[begin + each - start] == words[each]
            if equal:
                return True
        start = stop
    return False


@compiled
def mended(data: Array, begin: int, end: int, marks: Marks) -> tuple[int, int]:
    """Where the canonical cell begins and ends; a null word has no length."""
    begin, end = _stripped(data, begin, end, marks)
    if begin < end and marks.kinds[data[begin]] & DRESS:
        opened = end - begin >= _LEAST_WRAPPED and data[begin] == _EQUALS and data[begin + 1] == _QUOTE
        if opened and data[end - 1] == _QUOTE:
            begin, end = _stripped(data, begin + 2, end - 1, marks)
        if begin < end and data[begin] == _APOSTROPHE:
            begin += 1
    if (
        begin < end
        and marks.kinds[data[begin]] & WORD
        and _is_word(data, begin, end, marks.words, marks.word_ends)
    ):
        end = begin
    return begin, end
