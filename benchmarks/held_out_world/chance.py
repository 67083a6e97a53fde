"""Chance of two kinds: draws (a generator) and habits (a hash, the same each time it is asked). No rate
here.
"""

from __future__ import annotations

import string

import numpy as np
import polars as pl

_LETTERS = string.ascii_letters + string.digits
_PAIRS = pl.Series([a + b for a in _LETTERS for b in _LETTERS])
_FRACTION = 2.0**-53
Array = np.ndarray


class Chance:
    """All randomness of one world."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self._seed = seed

    def happens(self, share: float | Array, count: int) -> Array:
        """True for about `share` of `count` draws."""
        return self.rng.random(count) < share

    def choose(self, weights: Array, count: int) -> Array:
        """Indices into `weights`, as often as they weigh."""
        total = np.cumsum(weights, dtype=np.float64)
        return np.searchsorted(total, self.rng.random(count) * total[-1], side="right").clip(
            0, len(total) - 1
        )

    def below(self, limit: int | Array, count: int) -> Array:
        """Whole numbers from 0 to limit - 1 (0 where the limit is 0)."""
        return (self.rng.random(count) * limit).astype(np.int64)

    def key(self, *parts: int | Array) -> Array:
        """64 bits that are the same for the same parts."""
        mixed = np.atleast_1d(np.asarray(self._seed + 1, dtype=np.uint64))
        for part in parts:
            mixed = _mix(mixed ^ _mix(np.atleast_1d(np.asarray(part)).astype(np.uint64)))
        return mixed

    def habit(self, *parts: int | Array) -> Array:
        """A number in [0, 1) that is the same for the same parts."""
        return (self.key(*parts) >> np.uint64(11)) * _FRACTION


def _mix(value: Array) -> Array:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def letters(key: Array, pairs: int) -> pl.Series:
    """An opaque id of 2 × pairs letters and digits for each key."""
    parts = []
    for number in range(pairs):
        if number % 5 == 0:
            key = _mix(key)
        parts.append(
            take(_PAIRS, ((key >> np.uint64(12 * (number % 5))) % np.uint64(len(_PAIRS))).astype(np.int64))
        )
    return joined(*parts)


def take(values: pl.Series | list[str], index: Array) -> pl.Series:
    """values[index]; an index below 0 gives null."""
    series = values if isinstance(values, pl.Series) else pl.Series(values, dtype=pl.String)
    return (
        series.gather(pl.Series(index).set(pl.Series(index < 0), None))
        if (index < 0).any()
        else series.gather(index)
    )


def joined(*parts: pl.Series | str) -> pl.Series:
    """The parts as one text; null where a part is null."""
    columns = [
        pl.lit(p) if isinstance(p, str) else p.cast(pl.String).alias(f"p{i}") for i, p in enumerate(parts)
    ]
    return pl.select(pl.concat_str(columns)).to_series()


def only(texts: pl.Series, where: Array) -> pl.Series:
    """The texts where it holds, else null."""
    return pl.select(pl.when(pl.Series(where)).then(texts.alias("y"))).to_series()


def either(where: Array, yes: pl.Series, no: pl.Series) -> pl.Series:
    """yes where it holds, else no."""
    return pl.select(pl.when(pl.Series(where)).then(yes.alias("y")).otherwise(no.alias("n"))).to_series()
