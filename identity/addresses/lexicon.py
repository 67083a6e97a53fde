"""All forms, in arrays: found by their first two characters, the longest first. `finding.py` reads them.

What a form means belongs in `grammar.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import hashing
from identity.addresses.texts import code_points

Ints = npt.NDArray[np.int64]
LAST_POINT = 0x32400
"""Code points from here on stand in no name."""
ID_BITS = 13
"""Bits of a character's number: some 5,000 characters stand in forms."""
FILTER_BITS = 20
"""2^20 bits over the first two characters: 128 KB stay in the cache and turn away nine of ten positions."""
FILTER_MULTIPLIER = 0x9E3779B1


@dataclass(frozen=True)
class Lexicon:
    """Forms by their first two characters: 40,000 shelves of three forms each, read from front to back."""

    ids: npt.NDArray[np.uint16]
    """By code point: the character's number, 0 if it is in no form."""
    pairs: Ints
    """Table (`hashing.py`): number << 13 | number of the first two characters → where their shelf begins."""
    shelves: npt.NDArray[np.uint16]
    """Of each form its length, its number (upper and lower 16 bits), its characters from the third on; the
    longest first. A length of 0 ends a shelf."""


def build(forms: list[str]) -> tuple[Lexicon, Ints]:
    """The lexicon of distinct forms of at least two characters; a form's number is its place in the list.

    And of each form its first two characters as one key, for `pair_filter`.
    """
    texts = pl.Series(forms, dtype=pl.String)
    lengths = texts.str.len_chars().to_numpy().astype(np.int64)
    flat, starts = code_points(texts)
    ids = np.zeros(LAST_POINT, dtype=np.uint16)
    used = np.unique(flat[flat > 0])
    ids[used] = np.arange(1, used.size + 1)
    assert used.size < 1 << ID_BITS
    pairs = (ids[flat[starts]].astype(np.int64) << ID_BITS) | ids[flat[starts + 1]]
    order = np.lexsort((-lengths, pairs))
    begins = np.append(True, np.diff(pairs[order]) != 0)
    # A record takes 3 numbers and its characters but two; a shelf one more, for its end.
    sizes = lengths[order] + 1
    at = np.cumsum(sizes) - sizes + np.cumsum(begins) - 1
    shelves = np.zeros(int(at[-1] + sizes[-1] + 1), dtype=np.uint16)
    shelves[at], shelves[at + 1], shelves[at + 2] = lengths[order], order >> 16, order & 0xFFFF
    for place in range(2, int(lengths.max())):
        has = lengths[order] > place
        shelves[at[has] + 1 + place] = ids[flat[starts[order[has]] + place]]
    lexicon = Lexicon(ids, hashing.build(pairs[order][begins], at[begins]), shelves)
    return lexicon, pairs


def pair_filter(keys: Ints) -> npt.NDArray[np.uint8]:
    """2^20 bits, those of the pairs set: a pair whose bit is not set is none of them."""
    slots = ((keys * FILTER_MULTIPLIER) >> 12) & ((1 << FILTER_BITS) - 1)
    bits = np.zeros(1 << FILTER_BITS, dtype=np.uint8)
    bits[slots] = 1
    return np.packbits(bits, bitorder="little")
