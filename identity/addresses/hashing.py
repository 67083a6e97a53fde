"""Where an integer key stands in a list of keys, for millions of look-ups: a hash table in two arrays.

Three times as fast as binary search at 200,000 keys and more, as a look-up touches one or two places of
memory instead of twenty. What the keys mean belongs to `trie.py` and `grammar.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio (Fibonacci hashing): spreads keys that are close together."""
_SPARE = 4
"""Slots per key, before rounding up to a power of two: nine of ten keys stand in their first slot."""
_EMPTY = -1


@dataclass(frozen=True)
class Table:
    """Open addressing with linear probing; a slot holds a key and its place in the list it was built from."""

    keys: Ints
    places: npt.NDArray[np.int32]
    shift: np.uint64

    def find(self, wanted: Ints) -> npt.NDArray[np.int32]:
        """The place of each key, −1 for a key that is not there."""
        slot = _first_slot(wanted, self.shift)
        there = self.keys[slot]
        found = np.where(there == wanted, self.places[slot], np.int32(_EMPTY))
        todo = np.flatnonzero((there != wanted) & (there != _EMPTY))
        slot = slot[todo]
        while todo.size:
            slot = (slot + 1) & (self.keys.size - 1)
            there, sought = self.keys[slot], wanted[todo]
            match = there == sought
            found[todo[match]] = self.places[slot[match]]
            go_on = ~match & (there != _EMPTY)
            todo, slot = todo[go_on], slot[go_on]
        return found


def build(keys: Ints) -> Table:
    """The table over distinct keys, none negative."""
    bits = max(4, int(np.ceil(np.log2(max(1, keys.size) * _SPARE))))
    shift = np.uint64(64 - bits)
    table = np.full(1 << bits, _EMPTY, dtype=np.int64)
    places = np.full(1 << bits, _EMPTY, dtype=np.int32)
    todo, slot = np.arange(keys.size), _first_slot(keys, shift)
    while todo.size:
        free = np.flatnonzero(table[slot] == _EMPTY)
        table[slot[free]] = keys[todo[free]]
        won = table[slot] == keys[todo]
        places[slot[won]] = todo[won]
        todo, slot = todo[~won], (slot[~won] + 1) & (table.size - 1)
    return Table(table, places, shift)


def _first_slot(keys: Ints, shift: np.uint64) -> Ints:
    return ((keys.astype(np.uint64) * _MULTIPLIER) >> shift).astype(np.int64)
