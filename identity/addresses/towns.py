"""Towns written without their kind behind their district: 西湖区|北山|曙光路12号 lies in 北山街道.

A short name is believed only where a road that can stand alone goes on behind it, with its number: what
is but a side or a numeral (中山|北路, 人民|一路) belongs to the name before. Towns written in full are read
in `kernel.py`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import forms as surface
from identity.addresses import stored
from identity.addresses.texts import Texts, code_points
from identity.addresses.walk import Chains

Ints = npt.NDArray[np.int64]
_ROAD_FOLLOWS = "^[㐀-鿿]{2,6}?(?:路|街|大道|巷)[0-9一二三四五六七八九十]"
_BELONGS_BEFORE = "^[东西南北中新老前后上下内外大小横直马环一二三四五六七八九十]+(?:路|街|大道|巷)"
_POINT_BITS = 21


class _Towns(NamedTuple):
    starts: Ints
    """Sorted: the division above and the first two characters as one number each, of every short name."""
    names: pl.DataFrame
    """above, short, town: the short names that one town alone of its division has."""


def named(texts: Texts, found: Chains) -> Chains:
    """The chains, with the towns that stand without their kind right behind them."""
    rules, towns = stored.load(), _towns()
    at = np.minimum(texts.starts + found.end, texts.stops)
    # Two zeros stand behind the last text.
    pair = texts.points[at].astype(np.int64) << _POINT_BITS | texts.points[at + 1]
    key = found.node << 2 * _POINT_BITS | pair
    place = np.minimum(np.searchsorted(towns.starts, key), towns.starts.size - 1)
    rows = np.flatnonzero((towns.starts[place] == key) & (found.node < rules.first_group))
    if not rows.size:
        return found
    rest = Texts(texts.points, at[rows], texts.stops[rows], texts.used).to_series()
    asked = pl.DataFrame({"row": rows, "above": found.node[rows].astype(np.int32), "rest": rest})
    length = pl.col("short").str.len_chars()
    taken = (
        asked.join(towns.names, on="above")
        .filter(
            pl.col("rest").str.starts_with(pl.col("short"))
            & pl.col("rest").str.slice(length).str.contains(_ROAD_FOLLOWS)
            & ~pl.col("rest").str.slice(length).str.contains(_BELONGS_BEFORE)
        )
        .sort(length, descending=True)
        .unique("row", keep="first", maintain_order=True)
    )
    chosen = taken["row"].to_numpy()
    found.node[chosen] = taken["town"].to_numpy()
    found.end[chosen] += taken.select(length.cast(pl.Int64)).to_series().to_numpy()
    found.weak[chosen] = True
    return found


@lru_cache(maxsize=1)
def _towns() -> _Towns:
    table = stored.load().table.filter(pl.col("level") == surface.TOWN)
    short = pl.col("short")
    names = (
        table.filter((short != pl.col("name")) & (short.str.len_chars() >= 2))
        .select(pl.col("parent").alias("above"), "short", pl.col("entity").alias("town"))
        .filter(pl.len().over("above", "short") == 1)
    )
    points, starts = code_points(names["short"])
    pair = points[starts].astype(np.int64) << _POINT_BITS | points[starts + 1]
    return _Towns(np.unique(names["above"].to_numpy().astype(np.int64) << 2 * _POINT_BITS | pair), names)
