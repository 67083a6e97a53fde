"""What is wrong with warehouses, stores and other resources beside their coordinates
(identity/coordinates)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

MOST_RADIUS_KM = {"rider": 30.0, "store": 100.0, "technician": 200.0, "warehouse": 3_500.0}
"""How far one can serve: a rider half an hour's ride, a store its city, a warehouse the country (Shanghai to
Urumqi is 3,270 km)."""
NEAR_DEGREES = 4
"""Decimals of a coordinate that make one place: a ten-thousandth of a degree is about 10 m."""


def judged_warehouses(warehouses: pl.DataFrame, _masters: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows with the columns of the rules of warehouses."""
    import polars as pl

    return _duplicates(warehouses.with_columns(kind=pl.lit("warehouse")), "warehouse_code").drop("kind")


def judged_resources(resources: pl.DataFrame, _masters: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows with the columns of the rules of resources; duplicates are sought among what stands still."""
    import polars as pl

    stands = pl.col("resource_type").is_in(["warehouse", "store"])
    found = _duplicates(resources.with_columns(kind=pl.when(stands).then("resource_type")), "resource_code")
    radius, most = (
        pl.col("service_radius_km"),
        pl.col("resource_type").replace_strict(MOST_RADIUS_KM, default=None),
    )
    return found.drop("kind").with_columns(
        place_radius_range=pl.when(radius <= 0)
        .then(pl.lit("not_positive"))
        .when(radius > most)
        .then(pl.lit("too_far")),
        place_validity_reversed=pl.when(pl.col("valid_to") <= pl.col("valid_from")).then(
            pl.lit("ends_first")
        ),
    )


def _duplicates(places: pl.DataFrame, code: str) -> pl.DataFrame:
    """place_duplicate: `same_name` or `same_point` as another code's of its kind; the suggestion is the
    least."""
    import polars as pl

    folded = pl.col("name").str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    point = pl.concat_str(
        pl.col("latitude").round(NEAR_DEGREES), pl.lit(","), pl.col("longitude").round(NEAR_DEGREES)
    )
    places = places.with_columns(folded=folded, point=point)
    first = {name: pl.col(code).min().over("kind", name) for name in ("folded", "point")}
    has = {name: pl.col("kind").is_not_null() & pl.col(name).is_not_null() for name in first}
    is_other = {name: has[name] & (first[name] != pl.col(code)) for name in first}
    return places.with_columns(
        place_duplicate=pl.when(is_other["folded"])
        .then(pl.lit("same_name"))
        .when(is_other["point"])
        .then(pl.lit("same_point")),
        place_duplicate__suggestion=pl.when(is_other["folded"])
        .then(first["folded"])
        .when(is_other["point"])
        .then(first["point"]),
    ).drop("folded", "point")
