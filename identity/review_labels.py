"""What stewards' answers are worth: labelled pairs, and from the blindly drawn ones precision and recall.

Frames in, frames out; where answers are kept is no concern here.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from identity import overrides
from identity.review import CASE_SCHEMA, KEY, SAMPLED_BAND, SAMPLED_LINKED
from identity.rules import LAST_UNCUT, MODEL, STRENGTH

LABEL_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "case_id": pl.String,
    "kind": pl.String,
    **{name: dtype for name, dtype in CASE_SCHEMA.items() if name.startswith(("left_s", "right_s"))},
    **dict.fromkeys(("left_role", "right_role", "rule", "at", "by"), pl.String),
    "probability": pl.Float64,
    "accepted": pl.Boolean,
    "is_same": pl.Boolean,
}
"""One answered pair: what it was when it was asked (rule, probability, whether linked), and the answer."""


@dataclass(frozen=True)
class Estimate:
    """A share with what it was counted from. `sample`: answered pairs. None where there are none."""

    numerator: float | None
    denominator: float | None
    sample: int

    @property
    def value(self) -> float | None:
        """numerator / denominator."""
        return self.numerator / self.denominator if self.numerator is not None and self.denominator else None


def in_force(labels: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """The labels whose decision stands: the last one about a pair, and not taken back.

    `labels`: `LABEL_SCHEMA` with `event_id` of the decision. `decisions`: `overrides.SCHEMA`.
    """
    standing = overrides.in_force(decisions)["event_id"]
    return labels.filter(pl.col("event_id").is_in(standing.implode())).select(*LABEL_SCHEMA)


def found(edges: pl.DataFrame) -> tuple[int, int]:
    """How many pairs there are to draw from: links that could be wrong, and pairs of the model not linked."""
    strength = pl.col("rule").replace_strict(STRENGTH, default=len(STRENGTH), return_dtype=pl.Int32)
    linked = edges.filter(pl.col("accepted") & (strength > LAST_UNCUT))
    band = edges.filter(~pl.col("accepted") & (pl.col("rule") == MODEL))
    ends = [f"{side}_{name}" for side in ("left", "right") for name in KEY]
    return linked.select(ends).unique().height, band.select(ends).unique().height


def precision(labels: pl.DataFrame) -> Estimate:
    """Of the links that were drawn, the share that was right."""
    drawn = labels.filter(kind=SAMPLED_LINKED)
    if drawn.is_empty():
        return Estimate(None, None, 0)
    return Estimate(float(drawn["is_same"].sum()), float(drawn.height), drawn.height)


def recall(labels: pl.DataFrame, linked: int, band: int) -> Estimate:
    """Of the right pairs that were found at all, the share that was linked; a sample stands for its stratum.

    `linked`, `band`: the sizes of the strata (`found`). Pairs that nothing proposes are not in it.
    """
    right = precision(labels)
    drawn = labels.filter(kind=SAMPLED_BAND)
    if right.value is None or (drawn.is_empty() and band):
        return Estimate(None, None, right.sample + drawn.height)
    missed = band * float(drawn["is_same"].cast(pl.Float64).mean() or 0.0) if band else 0.0  # type: ignore[arg-type]
    hit = linked * right.value
    return Estimate(hit, hit + missed, right.sample + drawn.height)
