"""Rule: the calibration error is the mean distance of the told probability from the share that is right."""

from __future__ import annotations

import polars as pl
import pytest

from identity.evaluation.calibration import by_tier, calibration

EDGES = pl.DataFrame(
    {
        "probability": [0.95, 0.95, 0.95, 0.95, 1.0, 0.05],
        "right": [True, True, True, False, True, False],
        "tier": ["exact", "exact", "model", "model", "model", None],
        "accepted": ["true", "true", "true", "true", "false", "false"],
    }
)


def test_the_error_of_a_case_by_hand() -> None:
    told = calibration(EDGES["probability"], EDGES["right"])
    assert told["pairs"] == 6
    assert [(row["from"], row["pairs"]) for row in told["bins"]] == [(0.0, 1), (0.9, 5)]
    assert told["bins"][1]["right"] == pytest.approx(4 / 5)
    assert told["ece"] == pytest.approx((0.05 * 1 + abs(0.96 - 0.8) * 5) / 6)


def test_each_tier_and_the_accepted_are_told() -> None:
    told = by_tier(EDGES)
    assert list(told) == ["all", "exact", "model", "accepted"]
    assert told["exact"]["ece"] == pytest.approx(0.05)
    assert told["accepted"]["precision"] == pytest.approx(3 / 4)


def test_no_pair_has_no_error() -> None:
    assert calibration(pl.Series([], dtype=pl.Float64), pl.Series([], dtype=pl.Boolean))["ece"] is None
