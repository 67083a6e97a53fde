"""What the warehouse would put in place of what is wrong, and taking it in bulk."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from support.stewards_desk import lay_out

from dagster_project import steward
from dagster_project.lib.stewardship import deciding
from dagster_project.lib.stewardship.suggesting import COLUMNS, aliases, duplicates, names, points, spellings
from dagster_project.settings import Settings


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return lay_out(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def published(desk: Settings) -> Path:
    return deciding.published(desk)


def changes(told: pl.DataFrame) -> set[tuple[str, ...]]:
    assert set(told.columns) >= set(COLUMNS)
    return set(told.select("record_key", "field", "old_value", "new_value").iter_rows())


def test_a_spelling_stands_for_the_name_of_its_division(published: Path) -> None:
    told = spellings.suggested(published)
    assert changes(told) == {
        ("310000", "province_written", "上海", "上海市"), ("310000", "province_written", None, "上海市"),
        ("310115", "district_written", "浦东", "浦东新区"),
        ("310115", "district_written", "浦东区", "浦东新区"),
    }  # fmt: skip
    assert told.filter(old_value="浦东区")["confidence"].to_list() == [0.8]


def test_a_warehouse_stands_in_what_its_province_is_called(published: Path) -> None:
    assert changes(names.suggested(published)) == {("W2", "province", "上海", "上海市")}


def test_points_are_turned_or_taken_from_where_they_are_known(published: Path) -> None:
    told = points.suggested(published)
    assert changes(told) == {
        ("W2", "latitude", "121.5447", "31.2215"), ("W2", "longitude", "31.2215", "121.5447"),
        ("W3", "latitude", None, "31.2215"), ("W3", "longitude", None, "121.5447"),
    }  # fmt: skip
    assert dict(told.select("record_key", "why_en").rows())["W2"] == "latitude and longitude are swapped"


def test_a_point_in_another_datum_becomes_wgs84(tmp_path: Path) -> None:
    """BD-09 against the WGS-84 of the same place: half a kilometre apart, and back within metres."""
    settings = lay_out(
        tmp_path,
        dim_warehouses="""
            select 'W7' as warehouse_code, '仓' as name, '上海市' as province, '上海市' as city,
                '浦东新区' as district, '310115' as adcode, 31.22505::double as latitude,
                121.55597::double as longitude, '部' as owner""",
        dim_resources="""
            select 'W7' as resource_code, 'warehouse' as resource_type, '仓' as name, '310115' as adcode,
                31.2215::double as latitude, 121.5447::double as longitude,
                null::double as service_radius_km, null as skills, null as temperature_zones,
                null::decimal(18, 3) as capacity_per_day, null::timestamp as valid_from,
                null::timestamp as valid_to""",
    )
    told = points.suggested(deciding.published(settings)).filter(entity="warehouse")
    assert told["why_zh"].to_list() == ["另一坐标系，换算为 WGS-84"] * 2
    mended = [float(value) for value in told["new_value"]]
    assert mended == pytest.approx([31.2215, 121.5447], abs=0.002)


def test_a_code_stands_for_the_sku_that_leads(published: Path) -> None:
    told = aliases.suggested(published)
    assert changes(told) == {
        ("jd/s1/tea 0017", "sku_code", None, "TEA-0017"),
        ("jd/s1/TEA-0O17", "sku_code", None, "TEA-0017"),
        ("jd/s2/JDK1", "sku_code", None, "K1"),
    }
    sure = dict(told.select("record_key", "confidence").rows())
    # One letter and the same name agree: 1 - 0.3 × 0.2.
    assert sure["jd/s1/TEA-0O17"] == pytest.approx(0.94)
    assert sure["jd/s1/tea 0017"] == pytest.approx(0.97)


def test_codes_in_sequence_are_not_guessed(tmp_path: Path) -> None:
    """SKU0001 and SKU0002 are one character apart from SKU0003 both: neither is suggested."""
    settings = lay_out(
        tmp_path,
        dim_skus="""select * from (values ('SKU0001', null, 'a', 'c', 'ambient', 1.0, 1.0, 'o'),
            ('SKU0002', null, 'b', 'c', 'ambient', 1.0, 1.0, 'o'))
            as told (sku_code, barcode, name, category, temperature_class, weight_kg, cost_cny, owner)""",
        dim_sku_aliases="""select 'jd' as channel, 's1' as shop_id, 'SKU0003' as channel_sku_code,
            null as sku_code, null as resolved_sku_code, 'z' as product_name, 1::bigint as line_count""",
    )
    assert aliases.suggested(deciding.published(settings)).is_empty()


def test_the_code_that_is_sold_most_survives(published: Path) -> None:
    told = duplicates.suggested(published)
    assert changes(told) == {("jd/s1/K2", "sku_code", None, "K1")}
    assert told.select("about_key", "confidence").row(0) == ("K2", 0.95)


def test_suggestions_stand_beside_open_findings_the_costliest_first(published: Path) -> None:
    told = steward.suggestions(published)
    assert list(dict.fromkeys(told["finding_id"])) == ["f1", "f4", "f3", "f2", "f6"]
    assert set(told.filter(finding_id="f2")["field"]) == {"district_written"}
    assert steward.suggestions(published, min_confidence=0.96)["finding_id"].to_list() == ["f1", "f1", "f3"]
    assert set(steward.suggestions(published, owner="logistics")["finding_id"]) == {"f1", "f6"}
    with pytest.raises(steward.LuyueError, match="suggests nothing for this rule; it does for"):
        steward.suggestions(published, rule="sku_cost_range")


def test_they_are_taken_in_bulk_and_once(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    done = steward.accept(settings, by="li", min_confidence=0.9)
    assert done.refused.is_empty()
    taken = set(done.taken.select("entity", "record_key", "field", "new_value").iter_rows())
    assert taken == {
        ("warehouse", "W2", "latitude", "31.2215"), ("warehouse", "W2", "longitude", "121.5447"),
        ("warehouse", "W3", "latitude", "31.2215"), ("warehouse", "W3", "longitude", "121.5447"),
        ("sku_alias", "jd/s1/tea 0017", "sku_code", "TEA-0017"),
        ("address", "310000", "province_written", "上海市"),
        ("address", "310115", "district_written", "浦东新区"),
    }  # fmt: skip
    again = steward.accept(settings, by="li", rule="place_coordinates_swapped")
    assert again.taken.is_empty()
    assert all("speaks of it already" in why for why in again.refused["why"])
    with pytest.raises(steward.LuyueError, match="no open finding has a suggestion"):
        steward.accept(settings, by="li", rule="sku_barcode_shared")
