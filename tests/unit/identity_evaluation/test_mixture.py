"""Rule: the model over levels of agreement finds the matches among pairs without being told any."""

from __future__ import annotations

import numpy as np
import pytest

from identity.evaluation.febrl.mixture import probabilities, shares

_ONE_PERSONS = np.array([0.05, 0.15, 0.8])
_STRANGERS = np.array([0.95, 0.04, 0.01])


def _drawn(count: int, of: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return random.choice(3, p=of, size=(count, 5))


def test_matches_are_told_from_strangers() -> None:
    random = np.random.default_rng(1)
    levels = np.vstack([_drawn(400, _ONE_PERSONS, random), _drawn(4_000, _STRANGERS, random)])
    levels[::7, 2] = -1
    chance = shares(_drawn(50_000, _STRANGERS, random), [3] * 5)
    found = probabilities(levels, chance, all_pairs=400_000.0)
    assert (found[:400] > 0.5).mean() > 0.95
    assert (found[400:] > 0.5).mean() < 0.001
    assert found.sum() == pytest.approx(400, rel=0.05)


def test_shares_leave_out_what_is_unknown_and_leave_all_levels_possible() -> None:
    told = shares(np.array([[0], [0], [2], [-1]]), [3])[0]
    assert told.sum() == pytest.approx(1.0)
    assert told.tolist() == pytest.approx([2.5 / 4.5, 0.5 / 4.5, 1.5 / 4.5])


def test_no_pair_has_no_probability() -> None:
    assert probabilities(np.empty((0, 2), dtype=np.int64), [_STRANGERS, _STRANGERS], 10.0).size == 0
