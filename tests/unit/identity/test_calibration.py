"""Rule: a link tells how often its like was right; a model without figures leaves its scores as they are."""

from __future__ import annotations

import polars as pl
import pytest

from identity import rules
from identity.calibration import UNKNOWN, probabilities
from identity.link import MODEL_DIR, Model, load_model
from identity.training.calibrate import shares, steps

ROWS = [(rules.PHONE_NAME, None, True), (rules.PHONE_NAME, None, False), (rules.MODEL, 0.6, False)]
EDGES = pl.DataFrame(
    [*ROWS, (rules.STEWARD, None, True), (rules.TICKET, None, True)],
    schema={"rule": pl.String, "probability": pl.Float64, "accepted": pl.Boolean},
    orient="row",
)


def test_each_rule_and_each_score_has_its_share() -> None:
    figures = {rules.PHONE_NAME: {"accepted": 0.9, "refused": 0.3}}
    model = Model("1", 0.99, 0.2, {}, figures, [(0.2, 0.25), (0.5, 0.7), (0.9, 0.95)])
    assert probabilities(EDGES, model).to_list() == [0.9, 0.3, 0.7, 1.0, UNKNOWN["accepted"]]


def test_a_model_without_figures_leaves_its_scores() -> None:
    told = probabilities(EDGES, Model("1", 0.99, 0.2, {})).to_list()
    assert told == [UNKNOWN["accepted"], UNKNOWN["refused"], 0.6, 1.0, UNKNOWN["accepted"]]


def test_the_shipped_model_has_figures_that_rise() -> None:
    model = load_model(MODEL_DIR)
    assert model.rules[rules.PHONE_NAME]["accepted"] > model.rules[rules.PHONE_ALONE]["accepted"]
    scores, rights = zip(*model.calibration, strict=True)
    assert list(scores) == sorted(scores)
    assert list(rights) == sorted(rights)


def test_few_edges_are_drawn_to_what_is_usual() -> None:
    told = EDGES.with_columns(right=pl.lit(False))
    assert shares(told)[rules.TICKET]["accepted"] == pytest.approx(0.95 * 10 / 11, abs=1e-4)


def test_scores_that_fall_are_joined() -> None:
    told = pl.DataFrame(
        {
            "rule": [rules.MODEL] * 300,
            "probability": [0.3] * 100 + [0.6] * 100 + [0.9] * 100,
            "right": [True] * 50 + [False] * 50 + [True] * 40 + [False] * 60 + [True] * 100,
        }
    )
    assert steps(told) == [(0.3, 0.45), (0.9, 1.0)]
