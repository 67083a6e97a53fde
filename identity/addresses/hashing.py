"""Where an integer key stands, for millions of look-ups: a hash table in one array.

A slot holds key and value together, so that a look-up touches one line of memory. What the keys mean
belongs to `lexicon.py` and `grammar.py`; the compiled look-up stands in `finding.py`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio (Fibonacci hashing): spreads keys that are close together."""
VALUE_BITS = 21
"""Bits of a value; a key may have 42."""
SHIFT = np.uint64(40)
"""The middle bits of a product are the best mixed; 24 are left, more than a table has."""
EMPTY = -1
_SPARE = 2
"""Slots per key, before rounding up to a power of two."""
_SPARE_WIDE = 1.25
"""The same of a wide table, whose slots are twice as large."""


def build(keys: Ints, values: Ints) -> Ints:
    """The table over distinct keys below 2^42 with values below 2^21: open addressing, linear probing.

    A slot is key << 21 | value, or −1; a key's first slot are the bits of key × `MULTIPLIER` from `SHIFT` on.
    """
    bits = max(4, int(np.ceil(np.log2(max(1, keys.size) * _SPARE))))
    packed = (keys << VALUE_BITS) | values
    table = np.full(1 << bits, EMPTY, dtype=np.int64)
    slot = ((keys.astype(np.uint64) * MULTIPLIER) >> SHIFT).astype(np.int64) & (table.size - 1)
    todo = np.arange(keys.size)
    while todo.size:
        free = np.flatnonzero(table[slot] == EMPTY)
        table[slot[free]] = packed[todo[free]]
        lost = table[slot] != packed[todo]
        todo, slot = todo[lost], (slot[lost] + 1) & (table.size - 1)
    return table


def build_wide(keys: Ints, values: Ints) -> Ints:
    """As `build`, values of any size: slot n is the key at 2 n, −1 if it is empty, and its value behind it.

    One line of memory holds both; a table of places in another array would cost a second one.
    """
    bits = max(4, int(np.ceil(np.log2(max(1, keys.size) * _SPARE_WIDE))))
    table = np.full((1 << bits, 2), EMPTY, dtype=np.int64)
    slot = ((keys.astype(np.uint64) * MULTIPLIER) >> SHIFT).astype(np.int64) & (len(table) - 1)
    todo = np.arange(keys.size)
    while todo.size:
        free = np.flatnonzero(table[slot, 0] == EMPTY)
        table[slot[free], 0] = keys[todo[free]]
        won = table[slot, 0] == keys[todo]
        table[slot[won], 1] = values[todo[won]]
        todo, slot = todo[~won], (slot[~won] + 1) & (len(table) - 1)
    return table.ravel()
