"""Why the model holds two components for one person: the weight of each comparison of their likest faces.

How all pairs are scored is in `weights`; this looks at one pair and keeps what the sum is made of.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from identity.weights import level_weight, weight_of

REASON_SCHEMA = {"comparison": pl.String, "level": pl.String, "weight": pl.Float64}
START = "start"
"""The comparison that stands for the chance of two faces before anything is compared."""


def reasons(left: pl.DataFrame, right: pl.DataFrame, settings: dict[str, Any]) -> pl.DataFrame:
    """The start and each comparison in the settings' order (REASON_SCHEMA), weights in bits, of the pair of
    faces with the highest sum; empty where one side has no face.

    `left`, `right`: faces as `profiles` makes them.
    """
    if left.is_empty() or right.is_empty():
        return pl.DataFrame(schema=REASON_SCHEMA)
    comparisons = settings["comparisons"]
    start = weight_of(settings["probability_two_random_records_match"])
    rows = []
    for levels in _met(left, right, comparisons):
        told = [
            (comparison["output_column_name"], level["label_for_charts"], level_weight(level))
            for comparison, place in zip(comparisons, levels, strict=True)
            for level in [comparison["comparison_levels"][place]]
        ]
        rows.append([(START, "", start), *told])
    best = max(rows, key=lambda row: sum(weight for _, _, weight in row))
    return pl.DataFrame(best, schema=REASON_SCHEMA, orient="row")


def _met(left: pl.DataFrame, right: pl.DataFrame, comparisons: list[dict[str, Any]]) -> list[tuple[int, ...]]:
    """Of each pair of faces that differs the place of the level of each comparison."""
    import duckdb

    sides = [
        ", ".join(f'{side}."{column}" as "{column}_{side}"' for column in frame.columns)
        for side, frame in (("l", left), ("r", right))
    ]
    places = ", ".join(_place(comparison) for comparison in comparisons)
    with duckdb.connect() as database:
        database.register("faces_l", left.to_arrow())
        database.register("faces_r", right.to_arrow())
        query = (
            f"with side as (select {', '.join(sides)} from faces_l as l, faces_r as r) "
            f"select distinct {places} from side order by all"
        )
        return database.execute(query).fetchall()


def _place(comparison: dict[str, Any]) -> str:
    told = [
        f"else {place}" if level["sql_condition"].strip().upper() == "ELSE"
        else f"when {level['sql_condition']} then {place}"
        for place, level in enumerate(comparison["comparison_levels"])
    ]  # fmt: skip
    return f"case {' '.join(told)} end"
