"""Coordinates of warehouses and resources: axes swapped, decimal point lost, another datum, or known
elsewhere.

The judgement is identity/coordinates'; here it becomes two corrections, latitude and longitude.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.stewardship import published as published_file
from dagster_project.lib.stewardship.suggesting import COLUMNS

if TYPE_CHECKING:
    import polars as pl

IN_ITS_DIVISION = 0.98
"""The mended point lies in the division that the record names: of 4,000 points of other districts, drawn at
random, 14 would have (identity.coordinates.check). The rest is doubt of the division itself."""
IN_CHINA = 0.8
"""The division is not known; turned or scaled, the point lies in China, as it did not before."""
SAME_PLACE = 0.95
"""The other feed has the same place, in this datum within 150 m and in no other."""
KNOWN_ELSEWHERE = 0.9
"""The other feed has a sound point for the same code."""
_PLACES = """
    select 'warehouse' as entity, warehouse_code as record_key, warehouse_code as code, adcode, latitude,
        longitude
    from marts.dim_warehouses
    union all
    select 'resource', resource_code || coalesce('@' || cast(valid_from as varchar), ''), resource_code,
        adcode, latitude, longitude
    from marts.dim_resources
    where resource_type in ('warehouse', 'store') or latitude is not null
"""
_WHY = {
    "swapped": ("经纬度颠倒", "latitude and longitude are swapped"),
    "scaled": ("坐标丢了小数点", "the decimal point is lost"),
    "missing": ("另一来源有该处坐标", "the other feed has its point"),
    "datum": ("另一坐标系，换算为 WGS-84", "another datum, made WGS-84"),
}


def suggested(published: Path) -> pl.DataFrame:
    """Per place whose point can be mended, the rows of its latitude and of its longitude."""
    import polars as pl

    from identity.coordinates import check

    places = published_file.query(published, _PLACES)
    judged = places.hstack(check(places))
    sound = judged.filter(pl.col("finding").is_null())
    turned = judged.filter(pl.col("suggested_latitude").is_not_null()).with_columns(
        kind="finding",
        confidence=pl.when(pl.col("adcode").is_not_null()).then(IN_ITS_DIVISION).otherwise(IN_CHINA),
    )
    mends = pl.concat([frame.select(_MEND) for frame in (turned, _missing(judged, sound), _shifted(sound))])
    long = [
        mends.select(
            "entity", "record_key", pl.lit(axis).alias("field"),
            pl.col(axis).cast(pl.String).alias("old_value"),
            pl.col(f"suggested_{axis}").round(6).cast(pl.String).alias("new_value"),
            "confidence", pl.col("record_key").alias("about_key"),
            *(pl.col("kind").replace_strict({kind: why[at] for kind, why in _WHY.items()}).alias(name)
              for at, name in enumerate(("why_zh", "why_en"))),
        )
        for axis in ("latitude", "longitude")
    ]  # fmt: skip
    return pl.concat(long).filter(pl.col("old_value").ne_missing(pl.col("new_value"))).select(COLUMNS)


_MEND = (
    "entity",
    "record_key",
    "latitude",
    "longitude",
    "suggested_latitude",
    "suggested_longitude",
    "kind",
    "confidence",
)


def _missing(judged: pl.DataFrame, sound: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    known = sound.select(
        "code", other="entity", suggested_latitude="latitude", suggested_longitude="longitude"
    )
    met = (
        judged.filter(finding="missing")
        .drop("suggested_latitude", "suggested_longitude")
        .join(known, on="code")
    )
    met = met.filter(pl.col("entity") != pl.col("other")).unique(
        ["entity", "record_key"], keep="first", maintain_order=True
    )
    return met.with_columns(kind=pl.lit("missing"), confidence=pl.lit(KNOWN_ELSEWHERE))


def _shifted(sound: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    from identity.coordinates import recognise

    other = sound.select("code", other="entity", known_latitude="latitude", known_longitude="longitude")
    pairs = sound.join(other, on="code").filter(pl.col("entity") != pl.col("other"))
    told = pairs.hstack(recognise(pairs)).filter(pl.col("datum") != "WGS-84").sort("residual_m")
    told = told.unique(["entity", "record_key"], keep="first", maintain_order=True)
    return told.with_columns(
        suggested_latitude="wgs84_latitude",
        suggested_longitude="wgs84_longitude",
        kind=pl.lit("datum"),
        confidence=pl.lit(SAME_PLACE),
    )
