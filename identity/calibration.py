"""How likely a link is right: of each rule the share that was right where the truth is known, of the model's
pairs the share that was right at their score.

The figures are measured by `identity.training.calibrate` and kept with the model; what they are used for
does not belong here.
"""

from __future__ import annotations

import polars as pl

from identity.link import Model
from identity.rules import MODEL, STEWARD

UNKNOWN = {"accepted": 0.95, "refused": 0.4}
"""For a rule that the model was never measured with: what all rules have together."""


def probabilities(edges: pl.DataFrame, model: Model) -> pl.Series:
    """The probability (0 to 1) that each edge is right. `edges`: rule, probability (the score of the
    model's, else null), accepted. A model without figures leaves its own scores as they are."""
    shares = {
        state: {rule: told[state] for rule, told in model.rules.items()} for state in ("accepted", "refused")
    }
    by_rule = pl.when("accepted").then(_share(shares, "accepted")).otherwise(_share(shares, "refused"))
    told = pl.when(pl.col("rule") == STEWARD).then(1.0).otherwise(by_rule)
    scored = pl.col("rule") == MODEL
    found = edges.select(pl.when(scored).then(_calibrated(model)).otherwise(told).alias("probability"))
    return found["probability"].cast(pl.Float64)


def _share(shares: dict[str, dict[str, float]], state: str) -> pl.Expr:
    if not shares[state]:
        return pl.lit(UNKNOWN[state])
    return pl.col("rule").replace_strict(shares[state], default=UNKNOWN[state], return_dtype=pl.Float64)


def _calibrated(model: Model) -> pl.Expr:
    told = pl.col("probability")
    share = told
    for least, right in model.calibration:
        share = pl.when(pl.col("probability") >= least).then(right).otherwise(share)
    return share
