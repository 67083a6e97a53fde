"""GB18030 → UTF-8, compiled, by tables that Python's own codec fills.

A character is one byte, two (126 × 190 of them) or four: 39,420 of the first plane, and the others in a row.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from dagster_project.lib.ingest.compiled.machine import PADDING, Array, Word, compiled, load, store

ENCODING = "gb18030"
_FAILED = -1
_HIGH_BITS = np.uint64(0x8080808080808080)
_LEAST_LEAD, _MOST_LEAD, _LEADS = 0x81, 0xFE, 126
_LEAST_TRAIL, _NO_TRAIL, _TRAILS = 0x40, 0x7F, 190
_ZERO, _NINE = 0x30, 0x39
_FIRST_PLANE = 39_420
_HIGHER_PLANES, _PLANES_END = 189_000, 189_000 + 0x100000
"""Numbers of the four-byte characters from U+10000 on, and of what follows U+10FFFF."""


def utf8(data: bytes) -> bytes | None:
    """The text in UTF-8; null where a byte is no GB18030, or one that the tables do not know."""
    pairs, fours = _tables()
    source = np.frombuffer(data + bytes(PADDING), np.uint8)
    made = np.empty(len(data) * 3 // 2 + PADDING, np.uint8)
    length = _decode(source, len(data), made, pairs, fours)
    return None if length == _FAILED else made[:length].tobytes()


@lru_cache(maxsize=1)
def _tables() -> tuple[Array, Array]:
    """UTF-8 of the characters of two and of four bytes: the lowest byte the first, the highest the length."""
    leads = np.arange(_LEAST_LEAD, _MOST_LEAD + 1)
    trails = np.array([at for at in range(_LEAST_TRAIL, 0xFF) if at != _NO_TRAIL])
    pairs = np.stack([np.repeat(leads, _TRAILS), np.tile(trails, _LEADS)], axis=1)
    number = np.arange(_FIRST_PLANE)
    places = ((12_600, _LEAST_LEAD), (1_260, _ZERO), (10, _LEAST_LEAD), (1, _ZERO))
    fours = np.stack([number // size % (126 if least != _ZERO else 10) + least for size, least in places], 1)
    return _packed(pairs), _packed(fours)


def _packed(codes: Array) -> Array:
    text = codes.astype(np.uint8).tobytes().decode(ENCODING)
    made = [character.encode() for character in text]
    return np.array([int.from_bytes(each, "little") | len(each) << 24 for each in made], np.uint32)


@compiled
def _decode(data: Array, size: int, made: Array, pairs: Array, fours: Array) -> int:
    """Writes the text into `made`; how many bytes it has, or −1 where it cannot be read."""
    at: Word = 0
    to: Word = 0
    while at < size:
        word = load(data, at)
        if not word & _HIGH_BITS:
            store(made, to, word)
            step = min(8, size - at)
            at += step
            to += step
            continue
        while data[at] < 0x80:
            made[to] = data[at]
            at += 1
            to += 1
        lead, trail = np.int64(data[at]), np.int64(data[at + 1])
        if lead < _LEAST_LEAD or lead > _MOST_LEAD:
            return _FAILED
        if trail >= _LEAST_TRAIL:
            if trail in (_NO_TRAIL, 0xFF) or at + 1 >= size:
                return _FAILED
            column = trail - _LEAST_TRAIL - (trail > _NO_TRAIL)
            code = pairs[(lead - _LEAST_LEAD) * _TRAILS + column]
            store(made, to, np.uint64(code & np.uint32(0xFFFFFF)))
            at += 2
            to += np.int64(code >> np.uint32(24))
            continue
        third, fourth = np.int64(data[at + 2]), np.int64(data[at + 3])
        wrong = trail < _ZERO or trail > _NINE or third < _LEAST_LEAD or third > _MOST_LEAD
        if wrong or fourth < _ZERO or fourth > _NINE or at + 3 >= size:
            return _FAILED
        number = (lead - _LEAST_LEAD) * 10 + trail - _ZERO
        number = (number * _LEADS + third - _LEAST_LEAD) * 10 + fourth - _ZERO
        at += 4
        if number < _FIRST_PLANE:
            code = fours[number]
            store(made, to, np.uint64(code & np.uint32(0xFFFFFF)))
            to += np.int64(code >> np.uint32(24))
        elif _HIGHER_PLANES <= number < _PLANES_END:
            point = number - _HIGHER_PLANES + 0x10000
            made[to] = 0xF0 | point >> 18
            made[to + 1] = 0x80 | point >> 12 & 0x3F
            made[to + 2] = 0x80 | point >> 6 & 0x3F
            made[to + 3] = 0x80 | point & 0x3F
            to += 4
        else:
            return _FAILED
    return to
