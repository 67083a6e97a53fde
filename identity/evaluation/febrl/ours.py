"""The febrl sets linked by what links customers: Splink's comparisons through `identity.link`, frozen chance,
and connected components. Nothing is learnt from the truth."""

from __future__ import annotations

import numpy as np
import polars as pl

from identity.components import components
from identity.evaluation.febrl import levels as form
from identity.evaluation.febrl.mixture import Floats, Levels, probabilities, shares
from identity.evaluation.febrl.sets import COLUMNS, PublicSet
from identity.link import compare

THRESHOLD = 0.5
"""More likely one person's than not; between 0.1 and 0.999 the scores stay within 0.0003."""
SAMPLE, SEED = 500, 1
"""Records whose pairs tell how often strangers agree: some 120,000 pairs."""


def pairs(public: PublicSet) -> pl.DataFrame:
    """left < right (rows) of the pairs that are accepted as one person's."""
    records = public.records.select("unique_id", "part", *COLUMNS)
    met = compare(records, form.settings(public.is_between))
    probability = probabilities(_levels(met), _chance(records, public.is_between), public.all_pairs)
    return met.select(left="unique_id_l", right="unique_id_r").filter(pl.Series(probability >= THRESHOLD))


def clusters(public: PublicSet, found: pl.DataFrame) -> pl.Series:
    """The component of each record."""
    left, right = (found[side].to_numpy().astype(np.int64) for side in ("left", "right"))
    return pl.Series("cluster", components(public.records.height, left, right))


def _chance(records: pl.DataFrame, is_between: bool) -> list[Floats]:
    """u: counted on pairs of a sample, hardly one of them a match; known where it is too rare for that."""
    sample = records.sample(SAMPLE, seed=SEED)
    depths = [len(conditions) + 1 for conditions in form.LEVELS.values()]
    counted = shares(_levels(compare(sample, form.settings(is_between, ()))), depths)
    for place, (name, conditions) in enumerate(form.LEVELS.items()):
        for number in range(len(conditions)):
            known = form.CHANCE.get((name, number))
            if known is not None:
                counted[place][len(conditions) - number] = known
    return counted


def _levels(met: pl.DataFrame) -> Levels:
    return met.select(f"gamma_{name}" for name in form.LEVELS).to_numpy().astype(np.int64)
