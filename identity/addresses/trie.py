"""Finding every form that stands anywhere in a batch of texts: one trie, walked at all positions at once.

The trie is one hash table: (node, character) → node. Texts are one flat array of code points, each text
closed by a zero. What a match means belongs in `walk.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import hashing

Ints = npt.NDArray[np.int64]
_SHIFT = 21
"""Bits of a code point."""
_BLOOM = 1 << 20
"""Slots of the filter over the first two characters: 1 MB stays in the cache and turns away nine of ten
positions."""


@dataclass(frozen=True)
class Trie:
    """Forms as a tree of characters; node 0 is its root, every other node one more than its key's place."""

    children: hashing.Table
    """Keys (node << 21 | character)."""
    ends: npt.NDArray[np.int32]
    """By node: the form that ends there, −1 for none."""
    bloom: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Matches:
    """All matches of a batch, ordered by flat position, the longest first.

    Those at position p are the rows first[p] to first[p + 1] of form and length.
    """

    form: npt.NDArray[np.int32]
    length: npt.NDArray[np.int32]
    position: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]


def code_points(texts: pl.Series) -> tuple[npt.NDArray[np.uint32], Ints]:
    """The texts as one array of code points, each closed by a zero, and where each text starts."""
    whole = texts.str.join("\x00").item() if texts.len() else ""
    flat = np.frombuffer((whole + "\x00").encode("utf-32-le", "replace"), dtype=np.uint32)
    closed = np.flatnonzero(flat == 0)
    return flat, np.concatenate([[0], closed[:-1] + 1]).astype(np.int64)


def build(forms: list[str]) -> Trie:
    """The trie over distinct forms of at least two characters; a form's number is its place in the list."""
    texts = pl.Series(forms, dtype=pl.String)
    lengths = texts.str.len_chars().to_numpy().astype(np.int64)
    width = int(lengths.max())
    matrix = np.zeros((len(forms), width + 1), dtype=np.int64)
    flat, starts = code_points(texts)
    for depth in range(width):
        has = lengths > depth
        matrix[has, depth] = flat[starts[has] + depth]
    node = np.zeros(len(forms), dtype=np.int64)
    alive = np.arange(len(forms))
    keys, ends, count = [], [np.full(1, -1, dtype=np.int32)], 1
    for depth in range(width):
        alive = alive[lengths[alive] > depth]
        key = (node[alive] << _SHIFT) | matrix[alive, depth]
        level, inverse = np.unique(key, return_inverse=True)
        node[alive] = inverse + count
        end = np.full(level.size, -1, dtype=np.int32)
        ending = lengths[alive] == depth + 1
        end[inverse[ending]] = alive[ending]
        keys.append(level)
        ends.append(end)
        count += level.size
    bloom = np.zeros(_BLOOM, dtype=np.bool_)
    bloom[_pair_slot(matrix[:, 0].astype(np.uint32), matrix[:, 1].astype(np.uint32))] = True
    return Trie(hashing.build(np.concatenate(keys)), np.concatenate(ends), bloom)


def find(trie: Trie, flat: npt.NDArray[np.uint32]) -> Matches:
    """Every form at every position of the texts, overlapping ones included."""
    position = np.flatnonzero(trie.bloom[_pair_slot(flat[:-1], flat[1:])])
    node = np.zeros(position.size, dtype=np.int64)
    found_position, found_form, found_length = [position[:0]], [trie.ends[:0]], [trie.ends[:0]]
    depth = 0
    while position.size:
        # Every text is closed by a zero, which is in no form: no walk leaves its text.
        node = trie.children.find((node << _SHIFT) | flat[position + depth]).astype(np.int64) + 1
        alive = node > 0
        position, node = position[alive], node[alive]
        depth += 1
        form = trie.ends[node]
        ending = form >= 0
        found_position.append(position[ending])
        found_form.append(form[ending])
        found_length.append(np.full(int(ending.sum()), depth, dtype=np.int32))
    where = np.concatenate(found_position)
    # Stable by position, longest first: the deepest matches were found last.
    order = np.argsort(where[::-1], kind="stable")
    form, length = np.concatenate(found_form)[::-1][order], np.concatenate(found_length)[::-1][order]
    where = where[::-1][order]
    first = np.zeros(flat.size + 2, dtype=np.int32)
    first[1:] = np.cumsum(np.bincount(where, minlength=flat.size + 1))
    return Matches(form, length, where.astype(np.int32), first)


def _pair_slot(first: npt.NDArray[np.uint32], second: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return (first * np.uint32(40503) + second * np.uint32(2654435)) & np.uint32(_BLOOM - 1)
