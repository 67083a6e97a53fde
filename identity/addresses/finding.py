"""Compiled: which forms stand at a position of a text, and what the characters behind a form make of it.

The arrays come from `tables.py`; the order of reading belongs in `kernel.py`.
"""

from __future__ import annotations

import numpy as np

from identity.addresses.compiling import Array, compiled, inlined
from identity.addresses.hashing import MULTIPLIER, SHIFT, VALUE_BITS
from identity.addresses.lexicon import FILTER_BITS, FILTER_MULTIPLIER, ID_BITS
from identity.addresses.tables import (
    IS_LONE_PLACE,
    IS_PLACE,
    IS_ROAD,
    KIND_WORD,
    LONE_WORD,
    NUMBER_WORD,
    PAIR_WORD,
    ROAD_WORD,
)

MOST_MATCHES = 24
"""Forms of different lengths at one position; the longest form has fewer characters."""
_FILTER_MASK = (1 << FILTER_BITS) - 1
_VALUE_MASK = (1 << VALUE_BITS) - 1
_STREET, _WAY = ord("街"), ord("道")


@inlined
def find(table: Array, key: int) -> int:
    """The key's value, −1 if it is not there (see `hashing.py`)."""
    last = table.size - 1
    slot = np.int64((np.uint64(key) * MULTIPLIER) >> SHIFT) & last
    while True:
        there = table[slot]
        if there >> VALUE_BITS == key:
            return there & _VALUE_MASK
        if there == -1:
            return -1
        slot = (slot + 1) & last


@inlined
def find_wide(table: Array, key: int) -> int:
    """As `find`, in a wide table."""
    last = (table.size >> 1) - 1
    slot = np.int64((np.uint64(key) * MULTIPLIER) >> SHIFT) & last
    while True:
        there = table[2 * slot]
        if there == key:
            return table[2 * slot + 1]
        if there == -1:
            return -1
        slot = (slot + 1) & last


@inlined
def may_stand(ids: Array, filtered: Array, text: Array, position: int) -> bool:
    """Whether the filter lets the two characters at the position pass."""
    one, two = text[position], text[position + 1]
    if one >= ids.size or two >= ids.size:
        return False
    first, second = np.int64(ids[one]), np.int64(ids[two])
    if first == 0 or second == 0:
        return False
    slot = ((((first << ID_BITS) | second) * FILTER_MULTIPLIER) >> 12) & _FILTER_MASK
    return (filtered[slot >> 3] >> np.uint8(slot & 7)) & 1 != 0


@inlined
def matches(
    ids: Array, pairs: Array, shelves: Array, text: Array, position: int, forms: Array, lengths: Array
) -> int:
    """All forms at a position that `may_stand` lets pass, the longest first; how many."""
    first, second = np.int64(ids[text[position]]), np.int64(ids[text[position + 1]])
    at, count = find(pairs, (first << ID_BITS) | second), 0
    if at < 0:
        return 0
    while shelves[at] > 0:
        length = np.int64(shelves[at])
        place = 2
        # Every text is closed by a zero, which is in no form: no comparison leaves its text.
        while place < length:
            point = text[position + place]
            if point >= ids.size or ids[point] != shelves[at + 1 + place]:
                break
            place += 1
        if place == length and count < MOST_MATCHES:
            forms[count] = (np.int64(shelves[at + 1]) << 16) | np.int64(shelves[at + 2])
            lengths[count] = length
            count += 1
        at += length + 1
    return count


@compiled
def behind(kinds: Array, places: Array, road_places: int, text: Array, after: int) -> int:
    """What the characters at `after` may make of a form that ends before them, as bits."""
    one = text[after]
    kind = kinds[one] if one < kinds.size else 0
    if kind & (ROAD_WORD | KIND_WORD | LONE_WORD | PAIR_WORD) == 0 or one == 0:
        return 0
    two = text[after + 1]
    bits = 0
    if kind & ROAD_WORD and (one != _STREET or two != _WAY):
        bits |= IS_PLACE | IS_LONE_PLACE
        if two < kinds.size and kinds[two] & NUMBER_WORD:
            bits |= IS_ROAD
    if kind & KIND_WORD:
        bits |= IS_PLACE | IS_LONE_PLACE
    if kind & LONE_WORD:
        bits |= IS_LONE_PLACE
    if kind & PAIR_WORD:
        pair = (np.int64(one) << 21) | np.int64(two)
        for place in range(places.size):
            if places[place] == pair:
                bits |= IS_PLACE | IS_LONE_PLACE
                if place < road_places:
                    bits |= IS_ROAD
                break
    return bits
