"""Where warehouses and resources say they are, judged once a statement; what both feeds say held together."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from support.small_lake import write_lake

from dagster_project import settings as all_settings
from dagster_project.lib import places
from dagster_project.settings import Settings
from identity.coordinates.datum import from_wgs84

HANGZHOU = (30.2600, 120.1300)
WEST_LAKE = {"province": "浙江", "city": "杭州市", "district": "西湖"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return all_settings.load(data=tmp_path, env={})


def told(settings: Settings) -> pl.DataFrame:
    return pl.read_parquet(str(places.folder(settings) / "*.parquet"))


def warehouse(code: str, latitude: float | None, longitude: float | None, **more: str) -> dict[str, object]:
    return {"warehouse_code": code, **WEST_LAKE, "latitude": latitude, "longitude": longitude, **more}


def test_texts_or_code_give_the_division_and_the_point_is_held_against_it(settings: Settings) -> None:
    rows = {
        "warehouses": [
            warehouse("A", *HANGZHOU),
            warehouse("B", HANGZHOU[1], HANGZHOU[0]),
            warehouse("C", None, None, province="", city="", district="", address="上海市徐汇区漕溪路1号"),
        ],
        "resources": [
            {"resource_code": "R", "adcode": "330106", "latitude": 39.92, "longitude": 116.44},
            {"resource_code": "S", "adcode": "999999"},
        ],
    }
    write_lake(settings.data, rows)
    assert places.judge_new(settings) == {"places": 5, "judged": 5}
    found = {row["place_code"]: row for row in told(settings).iter_rows(named=True)}
    assert {code: row["found_adcode"] for code, row in found.items()} == {
        "A": "330106", "B": "330106", "C": "310104", "R": "330106", "S": None,
    }  # fmt: skip
    assert {code: row["coordinate_finding"] for code, row in found.items()} == {
        "A": None, "B": "swapped", "C": "missing", "R": "far", "S": "missing",
    }  # fmt: skip
    assert (found["B"]["suggested_latitude"], found["B"]["suggested_longitude"]) == HANGZHOU
    assert found["A"]["found_province"] == "浙江省"


def test_only_new_statements_are_judged_and_all_stand_as_if_judged_at_once(settings: Settings) -> None:
    first = {"warehouses": [warehouse("A", *HANGZHOU), warehouse("B", None, None)]}
    more = {"warehouses": [*first["warehouses"], warehouse("B", *HANGZHOU), warehouse("A", *HANGZHOU)]}
    write_lake(settings.data, first)
    assert places.judge_new(settings) == {"places": 2, "judged": 2}
    write_lake(settings.data, more)
    assert places.judge_new(settings) == {"places": 3, "judged": 1}
    grown = told(settings)
    assert places.judge_new(settings) == {"places": 3, "judged": 0}
    for path in places.folder(settings).glob("*"):
        path.unlink()
    places.judge_new(settings)
    assert told(settings).equals(grown)


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
def test_another_datum_is_told_by_what_the_other_feed_says(settings: Settings, datum: str) -> None:
    true = tuple(pl.Series([value]).to_numpy() for value in HANGZHOU)
    latitude, longitude = (float(value[0]) for value in from_wgs84(true[0], true[1], datum))
    rows = {
        "warehouses": [warehouse("A", latitude, longitude), warehouse("B", *HANGZHOU)],
        "resources": [
            {"resource_code": code, "adcode": "330106", "latitude": HANGZHOU[0], "longitude": HANGZHOU[1]}
            for code in "AB"
        ],
    }
    write_lake(settings.data, rows)
    places.judge_new(settings)
    shifted = told(settings).filter(pl.col("datum").is_not_null())
    assert shifted.select("feed", "place_code", "datum").rows() == [("warehouses", "A", datum)]
    assert shifted["wgs84_latitude"].item() == pytest.approx(HANGZHOU[0], abs=1e-5)
    assert shifted["wgs84_longitude"].item() == pytest.approx(HANGZHOU[1], abs=1e-5)


def test_an_empty_lake_gives_an_empty_file(settings: Settings) -> None:
    assert places.judge_new(settings) == {"places": 0, "judged": 0}
    assert told(settings).height == 0
