"""Fellegi and Sunter's model over levels of agreement, learnt from pairs without labels.

u, how often strangers agree, is counted on random pairs and frozen; m, how often records of one person do,
and the share of matches come out of expectation maximisation over all pairs, of which those that no block
brought together count as no match (Fellegi, Sunter: A Theory for Record Linkage, JASA 64, 1969).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Levels = npt.NDArray[np.int64]
"""(pairs, comparisons): 0 for different, up to the strongest level, -1 for unknown."""
Floats = npt.NDArray[np.float64]
SMOOTHING = 0.5
"""Added to every count, so that what was never seen stays possible."""
ROUNDS = 100
_SETTLED = 1e-7


def shares(levels: Levels, depths: list[int], weight: Floats | None = None) -> list[Floats]:
    """Of each comparison the share of each level, from 0 up; unknown ones left out."""
    weight = np.ones(len(levels)) if weight is None else weight
    told = []
    for column, depth in enumerate(depths):
        known = levels[:, column] >= 0
        counts = np.bincount(levels[known, column], weight[known], depth) + SMOOTHING
        told.append(counts / counts.sum())
    return told


def probabilities(levels: Levels, chance: list[Floats], all_pairs: float) -> Floats:
    """The probability of each pair to be a match. `chance` is u as `shares` tells it; `all_pairs` counts the
    pairs that no block brought together too."""
    depths = [share.size for share in chance]
    one_persons = [np.arange(1, depth + 1) / sum(range(depth + 1)) for depth in depths]
    prior = len(levels) / all_pairs / 2
    found = np.zeros(len(levels))
    if not found.size:
        return found
    for _ in range(ROUNDS):
        odds = np.full(len(levels), np.log(prior / (1 - prior)))
        for column, (m, u) in enumerate(zip(one_persons, chance, strict=True)):
            level = levels[:, column]
            odds += np.where(level >= 0, np.log(m / u)[np.maximum(level, 0)], 0.0)
        before, found = found, 1 / (1 + np.exp(-odds))
        one_persons, prior = shares(levels, depths, found), found.sum() / all_pairs
        if np.abs(found - before).max(initial=0.0) < _SETTLED:
            break
    return found
