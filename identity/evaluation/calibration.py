"""Whether a probability keeps its word: of the links told with 0.9, nine of ten should be right."""

from __future__ import annotations

from typing import Any

import polars as pl

BINS = 10


def calibration(probability: pl.Series, is_right: pl.Series) -> dict[str, Any]:
    """`pairs`, `ece` and `bins` of equal width: from, to, pairs, probability (mean), right (share).

    ECE is the mean distance of both, weighted by the pairs of a bin; null where there is no pair.
    """
    table = pl.DataFrame({"probability": probability.cast(pl.Float64), "right": is_right}).drop_nulls()
    place = (pl.col("probability") * BINS).floor().clip(0, BINS - 1).cast(pl.Int64)
    told = (
        table.group_by(place.alias("bin"))
        .agg(pairs=pl.len(), probability=pl.col("probability").mean(), right=pl.col("right").mean())
        .sort("bin")
        .select(
            (pl.col("bin") / BINS).alias("from"), ((pl.col("bin") + 1) / BINS).alias("to"), pl.exclude("bin")
        )
    )
    distance = (pl.col("probability") - pl.col("right")).abs() * pl.col("pairs")
    ece = told.select(distance.sum() / pl.col("pairs").sum()).item() if told.height else None
    return {"pairs": table.height, "ece": ece, "bins": told.to_dicts()}


def by_tier(edges: pl.DataFrame) -> dict[str, Any]:
    """`calibration` of all edges (probability, right and perhaps tier, accepted), of each tier, and of those
    accepted, with the share of them that is right (`precision`)."""
    told: dict[str, Any] = {"all": calibration(edges["probability"], edges["right"])}
    if "tier" in edges.columns:
        for (tier,), part in sorted(edges.drop_nulls("tier").group_by("tier")):
            told[str(tier)] = calibration(part["probability"], part["right"])
    if "accepted" in edges.columns:
        part = edges.filter(pl.col("accepted").cast(pl.String).str.to_lowercase() == "true")
        share = {"precision": part["right"].mean()}
        told["accepted"] = calibration(part["probability"], part["right"]) | share
    return told
