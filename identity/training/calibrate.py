"""How often each rule and each score of a model is right, measured where the truth is known.

What the figures are used for stands in `identity/calibration.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from identity.link import Model
from identity.resolve import resolve
from identity.rules import MODEL
from identity.training.touchpoints import HARSH, MILD, touchpoint_world
from identity.training.world import world

PERSONS, SEED = 20_000, 41
BINS = 8
LEAST = 40
"""Edges from which a share is told; fewer say too little."""
PRIOR = {"accepted": 0.95, "refused": 0.4}
WEIGHT = 10
"""Edges that the prior counts for."""


Labelled = tuple[pl.DataFrame, pl.Series]
"""A record table, and the person of each row."""


def calibrated(model: Model, worlds: Sequence[Labelled]) -> Model:
    """The model with the figures measured on these worlds, on none of which it was trained."""
    told = measured(model, worlds)
    return replace(model, rules=shares(told), calibration=steps(told))


def generated_worlds() -> list[Labelled]:
    """The mild and the harsh generated world of touchpoints, and that of orders, whose rules they do not
    use."""
    return [*(touchpoint_world(PERSONS, SEED, how) for how in (MILD, HARSH)), world(PERSONS, SEED)]


def measured(model: Model, worlds: Sequence[Labelled]) -> pl.DataFrame:
    """The edges of all worlds (rule, probability, accepted) with `right`."""
    parts = []
    for records, person in worlds:
        edges = resolve(records, model).edges
        right = person.gather(edges["left"]) == person.gather(edges["right"])
        parts.append(edges.select("rule", "probability", "accepted").with_columns(right=right))
    return pl.concat(parts)


def shares(told: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Of each rule but the model's the share that is right of accepted and of refused edges, drawn to `PRIOR`
    where there are few."""
    counted = (
        told.filter(pl.col("rule") != MODEL)
        .group_by("rule", "accepted")
        .agg(n=pl.len(), right=pl.col("right").sum())
    )
    found: dict[str, dict[str, float]] = {}
    for rule, accepted, n, right in counted.sort("rule", "accepted").iter_rows():
        state = "accepted" if accepted else "refused"
        share = (right + WEIGHT * PRIOR[state]) / (n + WEIGHT)
        found.setdefault(rule, dict(PRIOR))[state] = round(share, 4)
    return found


def steps(told: pl.DataFrame) -> list[tuple[float, float]]:
    """(least score, share right) of the model's pairs in bins of equal numbers, made rising by joining
    neighbours that fall."""
    scored = told.filter(pl.col("rule") == MODEL).sort("probability")
    pools: list[list[float]] = []
    levels = scored.group_by("probability", maintain_order=True).agg(n=pl.len(), right=pl.col("right").sum())
    for score, n, right in levels.iter_rows():
        if pools and pools[-1][1] < max(LEAST, scored.height // BINS // 4):
            pools[-1][1], pools[-1][2] = pools[-1][1] + n, pools[-1][2] + right
        else:
            pools.append([score, n, right])
        while len(pools) > 1 and pools[-2][2] * pools[-1][1] >= pools[-1][2] * pools[-2][1]:
            _, n_last, right_last = pools.pop()
            pools[-1][1], pools[-1][2] = pools[-1][1] + n_last, pools[-1][2] + right_last
    return [(round(score, 6), round(right / n, 4)) for score, n, right in pools]
