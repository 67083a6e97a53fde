"""Coordinates held against their division, and datums told apart; the points are made of the reference."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from identity.addresses import seeds
from identity.coordinates import DATUMS, check, recognise, to_wgs84
from identity.coordinates.datum import from_wgs84, kilometres

HANGZHOU = (30.2600, 120.1300, "330106")


def one(latitude: float | None, longitude: float | None, adcode: str | None) -> dict[str, object]:
    frame = pl.DataFrame(
        {"latitude": [latitude], "longitude": [longitude], "adcode": [adcode]},
        schema={"latitude": pl.Float64, "longitude": pl.Float64, "adcode": pl.String},
    )
    return check(frame).row(0, named=True)


def test_a_point_in_its_division_has_no_finding() -> None:
    assert one(*HANGZHOU)["finding"] is None


def test_every_centroid_is_where_it_belongs_and_turned_round_is_told() -> None:
    region = seeds.load().region.filter((pl.col("level") == "district") & pl.col("latitude").is_not_null())
    frame = region.select(pl.col("latitude", "longitude").cast(pl.Float64), "adcode")
    assert check(frame)["finding"].null_count() == frame.height
    turned = check(frame.rename({"latitude": "longitude", "longitude": "latitude"}))
    assert (turned["finding"] == "swapped").all()
    assert turned["suggested_latitude"].to_list() == frame["latitude"].to_list()


@pytest.mark.parametrize(
    ("latitude", "longitude", "adcode", "finding"),
    [
        (None, 120.1, "330106", "missing"),
        (0.0, 0.0, "330106", "impossible"),
        (95.0, 300.0, "330106", "impossible"),
        (48.85, 2.35, "330106", "outside"),
        (39.9, 116.4, "330106", "far"),
        (30.26, 120.13, "999999", "unknown_division"),
        (30.26, 120.13, None, "unknown_division"),
    ],
)
def test_what_cannot_be_right_is_found(
    latitude: float | None, longitude: float, adcode: str | None, finding: str
) -> None:
    assert one(latitude, longitude, adcode)["finding"] == finding


def test_a_lost_decimal_point_is_put_back() -> None:
    row = one(30260000.0, 120130000.0, "330106")
    assert (row["finding"], row["suggested_latitude"], row["suggested_longitude"]) == (
        "scaled",
        30.26,
        120.13,
    )


def test_datums_turn_into_each_other_and_back() -> None:
    draw = np.random.default_rng(1)
    lat, lon = draw.uniform(20, 45, 500), draw.uniform(80, 125, 500)
    for datum in DATUMS[1:]:
        there = from_wgs84(lat, lon, datum)
        moved = kilometres(lat, lon, *there) * 1000
        assert 300 < np.median(moved) < moved.max() < 2_500
        back = to_wgs84(*there, datum)
        assert (kilometres(lat, lon, *back) * 1000).max() < 1.0


def test_gcj_02_is_the_one_in_public_use() -> None:
    found = from_wgs84(np.array([31.1774276]), np.array([121.5272106]), "GCJ-02")
    assert (round(float(found[0][0]), 6), round(float(found[1][0]), 6)) == (31.175304, 121.531542)


@pytest.mark.parametrize("datum", DATUMS)
def test_the_datum_is_recognised_by_a_known_point(datum: str) -> None:
    draw = np.random.default_rng(2)
    lat, lon = draw.uniform(20, 45, 200), draw.uniform(80, 125, 200)
    there = from_wgs84(lat + draw.uniform(-0.0003, 0.0003, 200), lon, datum)
    frame = pl.DataFrame(
        {"latitude": there[0], "longitude": there[1], "known_latitude": lat, "known_longitude": lon}
    )
    found = recognise(frame)
    assert (found["datum"] == datum).mean() > 0.98
    assert float((found["wgs84_latitude"] - pl.Series(lat)).abs().max()) < 0.001  # type: ignore[arg-type]


def test_a_point_that_no_datum_explains_has_none() -> None:
    frame = pl.DataFrame(
        {
            "latitude": [30.0, None],
            "longitude": [120.0, 1.0],
            "known_latitude": [31.0, 3.0],
            "known_longitude": [120.0, 3.0],
        }
    )
    assert recognise(frame)["datum"].to_list() == [None, None]


def test_an_unknown_datum_is_named() -> None:
    with pytest.raises(ValueError, match="CGCS: no such datum"):
        to_wgs84(np.zeros(1), np.zeros(1), "CGCS")


def test_no_rows_give_no_rows() -> None:
    empty = pl.DataFrame(schema={"latitude": pl.Float64, "longitude": pl.Float64, "adcode": pl.String})
    assert check(empty).height == 0
    assert (
        recognise(
            empty.select(
                pl.col("latitude"),
                pl.col("longitude"),
                pl.col("latitude").alias("known_latitude"),
                pl.col("longitude").alias("known_longitude"),
            )
        ).height
        == 0
    )
