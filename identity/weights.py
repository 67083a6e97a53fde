"""The frozen model's score of pairs as one query: the weights that Splink would add up, without its start.

Splink plans a linker and writes each step to a table, which costs half a second for a handful of pairs and
a copy of all pairs for millions. Its scores are log2(m / u) added up over levels; a test holds both against
each other. What Splink does beyond that (frequencies of terms) is left to Splink, in `link`.
"""

from __future__ import annotations

from math import log2
from typing import Any

import polars as pl

MEMORY_LIMIT, THREADS = "500MB", 2
LEAST_CHANCE = 1e-300
"""Splink's own floor of m and u, so that no weight is infinite."""
_CHANCES = {"m_probability", "u_probability"}
_KNOWN = {"sql_condition", "label_for_charts", "is_null_level"} | _CHANCES
"""What a level may say here."""


def can_weigh(settings: dict[str, Any]) -> bool:
    """Whether the settings say nothing but levels with m and u."""
    levels = [level for comparison in settings["comparisons"] for level in comparison["comparison_levels"]]
    return all(
        set(level) <= _KNOWN
        and (level.get("is_null_level") or {"m_probability", "u_probability"} <= set(level))
        for level in levels
    )


def weighed(faces: pl.DataFrame, settings: dict[str, Any], least: float) -> pl.DataFrame:
    """component_l < component_r, probability: the best of each two components that the blocks bring together,
    from `least` on. `faces`: as `profiles` makes them."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": THREADS})
    try:
        connection.register("faces", faces.to_arrow(compat_level=pl.CompatLevel.newest()))
        found = connection.sql(_query(settings, faces.columns), params=[weight_of(least)]).pl()
    finally:
        connection.close()
    return found.sort("component_l", "component_r")


def _query(settings: dict[str, Any], columns: list[str]) -> str:
    blocks = settings["blocking_rules_to_generate_predictions"]
    pairs = " union ".join(
        "select l.unique_id as face_l, r.unique_id as face_r from faces as l, faces as r "
        f"where {block} and l.unique_id < r.unique_id"
        for block in blocks
    )
    comparisons = settings["comparisons"]
    sides = ", ".join(f'{side}."{column}" as "{column}_{side}"' for column in columns for side in ("l", "r"))
    prior = weight_of(settings["probability_two_random_records_match"])
    weight = " + ".join([f"cast({prior!r} as double)", *(_case(comparison) for comparison in comparisons)])
    return (
        f"with pair as ({pairs}), "
        f"side as (select l.component as a, r.component as b, {sides} from pair "
        "join faces as l on l.unique_id = face_l join faces as r on r.unique_id = face_r), "
        f"weighed as (select a, b, {weight} as weight from side), "
        "best as (select least(a, b) as component_l, greatest(a, b) as component_r, max(weight) as weight "
        "from weighed where a <> b and weight >= ? group by all) "
        "select component_l, component_r, 1.0 / (1.0 + power(2.0::double, -weight)) as probability from best"
    )


def _case(comparison: dict[str, Any]) -> str:
    """The weight of the first level whose condition is met."""
    told = []
    for level in comparison["comparison_levels"]:
        condition = level["sql_condition"]
        weight = level_weight(level)
        told.append(
            f"else cast({weight!r} as double)"
            if condition.strip().upper() == "ELSE"
            else f"when {condition} then cast({weight!r} as double)"
        )
    return f"case {' '.join(told)} end"


def level_weight(level: dict[str, Any]) -> float:
    """In bits; none where a side tells nothing."""
    if level.get("is_null_level"):
        return 0.0
    return log2(max(level["m_probability"], LEAST_CHANCE) / max(level["u_probability"], LEAST_CHANCE))


def weight_of(chance: float) -> float:
    """A chance between 0 and 1 in bits."""
    return log2(chance / (1 - chance))
