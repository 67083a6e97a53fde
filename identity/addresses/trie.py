"""Finding every form that stands anywhere in a batch of texts: one trie, walked at all positions at once.

The trie is a list of sorted arrays, one a depth: key (node << 21 | character) → node, found by binary search.
Texts are one flat array of code points, each text closed by a zero. What a match means belongs in `walk.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
_SHIFT = 21
"""Bits of a code point."""
_BLOOM = 1 << 20
"""Slots of the filter over the first two characters: 1 MB stays in the cache and turns away nine of ten positions."""


@dataclass(frozen=True)
class Trie:
    """Forms by depth: sorted keys, and the form that ends at each node (−1 for none)."""

    keys: tuple[Ints, ...]
    ends: tuple[npt.NDArray[np.int32], ...]
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
    width = max(len(form) for form in forms)
    matrix = np.zeros((len(forms), width + 1), dtype=np.int64)
    flat, starts = code_points(pl.Series(forms))
    lengths = np.fromiter((len(form) for form in forms), dtype=np.int64, count=len(forms))
    for depth in range(width):
        has = lengths > depth
        matrix[has, depth] = flat[starts[has] + depth]
    node = np.zeros(len(forms), dtype=np.int64)
    alive = np.arange(len(forms))
    keys, ends = [], []
    for depth in range(width):
        alive = alive[lengths[alive] > depth]
        key = (node[alive] << _SHIFT) | matrix[alive, depth]
        level, inverse = np.unique(key, return_inverse=True)
        node[alive] = inverse
        end = np.full(level.size, -1, dtype=np.int32)
        ending = lengths[alive] == depth + 1
        end[inverse[ending]] = alive[ending]
        keys.append(level)
        ends.append(end)
    bloom = np.zeros(_BLOOM, dtype=np.bool_)
    bloom[_pair_slot(matrix[:, 0], matrix[:, 1])] = True
    return Trie(tuple(keys), tuple(ends), bloom)


def find(trie: Trie, flat: npt.NDArray[np.uint32]) -> Matches:
    """Every form at every position of the texts, overlapping ones included."""
    points = flat.astype(np.int64)
    position = (
        np.flatnonzero(trie.bloom[_pair_slot(points[:-1], points[1:])]) if flat.size > 1 else np.zeros(0, int)
    )
    node = np.zeros(position.size, dtype=np.int64)
    found_position, found_form, found_length = [], [], []
    for depth, (level, end) in enumerate(zip(trie.keys, trie.ends, strict=True)):
        inside = position + depth < points.size
        position, node = position[inside], node[inside]
        key = (node << _SHIFT) | points[position + depth]
        place = np.minimum(np.searchsorted(level, key), level.size - 1)
        alive = level[place] == key
        position, node = position[alive], place[alive]
        ending = end[node] >= 0
        found_position.append(position[ending])
        found_form.append(end[node[ending]])
        found_length.append(np.full(int(ending.sum()), depth + 1, dtype=np.int32))
        if position.size == 0:
            break
    where = np.concatenate(found_position) if found_position else np.zeros(0, np.int64)
    form = np.concatenate(found_form) if found_form else np.zeros(0, np.int32)
    length = np.concatenate(found_length) if found_length else np.zeros(0, np.int32)
    order = np.lexsort((-length, where))
    first = np.zeros(points.size + 2, dtype=np.int32)
    np.cumsum(np.bincount(where, minlength=points.size + 1), out=first[1:])
    return Matches(form[order], length[order], where[order].astype(np.int32), first)


def _pair_slot(first: Ints, second: Ints) -> Ints:
    return (first * 40503 + second * 2654435) & (_BLOOM - 1)
