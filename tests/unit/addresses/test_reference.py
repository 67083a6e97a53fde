"""The seeds: codes are unique, every parent and every successor is in force, and the counts of their day
hold."""

from __future__ import annotations

import polars as pl

from identity.addresses import seeds

REGION, TOWNSHIP, LEGACY, ALIAS = (
    getattr(seeds.load(), n) for n in ("region", "township", "legacy", "alias")
)


def test_codes_are_unique() -> None:
    assert REGION["adcode"].is_unique().all()
    assert TOWNSHIP["town_code"].is_unique().all()


def test_the_counts_are_those_of_the_ministrys_table() -> None:
    """As of 2025-12-31, and Taiwan, which that table does not have."""
    counts = dict(REGION["level"].value_counts().iter_rows())
    assert counts == {"province": 34, "city": 333, "district": 2845}
    assert TOWNSHIP.height == 38_723
    assert set(REGION["as_of"]) == {"2025-12-31"}


def test_every_parent_exists_one_level_up() -> None:
    above = REGION.select(pl.col("adcode").alias("parent"), pl.col("level").alias("above"))
    joined = REGION.filter(pl.col("level") != "province").join(above, on="parent", how="left")
    assert joined["above"].null_count() == 0
    assert set(joined.filter(pl.col("level") == "city")["above"]) == {"province"}
    assert TOWNSHIP.join(REGION, on="adcode", how="anti").is_empty()


def test_every_old_name_and_byname_ends_in_a_division_in_force() -> None:
    for table in (LEGACY, ALIAS):
        assert table.join(REGION, on="adcode", how="anti").is_empty()
    assert LEGACY.select("old_code", "old_name", "adcode").is_unique().all()
    assert LEGACY["valid_to"].str.contains(r"^\d{4}-\d{2}$").all()


def test_centroids_lie_in_china_and_few_are_missing() -> None:
    points = REGION.select(pl.col("longitude", "latitude").cast(pl.Float64), "level")
    known = points.drop_nulls()
    assert known["longitude"].is_between(73, 136).all()
    assert known["latitude"].is_between(3, 54).all()
    assert known.height / points.height > 0.97
