"""What the rules of master data hold for wrong, at their boundaries, without Great Expectations."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.lib.quality.facts import aliases, barcodes, carriers, likeness, places, skus


def fault(barcode: str | None) -> str | None:
    return pl.select(barcodes.fault(pl.lit(barcode, pl.String))).item()


@pytest.mark.parametrize(
    "barcode", ["6901234567892", "96385074", "036000291452", "10614141000415", " 6901234567892 ", None, ""]
)
def test_sound_barcodes_of_each_length_pass(barcode: str | None) -> None:
    """GS1's own examples: GTIN-13, -8, -12, -14; blanks around and no barcode at all are another rule's."""
    assert fault(barcode) is None


@pytest.mark.parametrize(
    ("barcode", "why"),
    [("6901234567893", "check_digit"), ("690123456789", "check_digit"), ("69012345678", "length"),
     ("69O1234567892", "not_digits"), ("６９０１２３４５６７８９２", "not_digits")],
)  # fmt: skip
def test_a_wrong_barcode_says_why(barcode: str, why: str) -> None:
    assert fault(barcode) == why


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_any_one_wrong_digit_is_found(body: str, place: int, shift: int) -> None:
    """What a check digit is for; of two digits in the wrong order it misses those that differ by five."""
    whole = body + pl.select(barcodes.check_digit(pl.lit(body))).item()
    assert fault(whole) is None
    wrong = f"{whole[:place]}{(int(whole[place]) + shift) % 10}{whole[place + 1 :]}"
    assert fault(wrong) == "check_digit"


def alike(*names: str, categories: tuple[str, ...] | None = None) -> dict[str, tuple[str, str]]:
    """Code of each duplicate: the survivor and the kind."""
    codes = [f"K{number}" for number in range(len(names))]
    frame = pl.DataFrame({"sku_code": codes, "name": names, "category": categories or ("服饰",) * len(names)})
    return {code: (survivor, kind) for code, survivor, kind in likeness.survivors(frame).rows()}


def test_names_that_only_look_different_are_one_sku() -> None:
    assert alike("羽绒服 0001", "羽绒服　0001", "羽绒服-０００１") == {
        "K1": ("K0", "same_name"), "K2": ("K0", "same_name"),
    }  # fmt: skip
    assert alike("扫地机器人 X1", "扫地机器入 X1") == {"K1": ("K0", "alike_name")}


@pytest.mark.parametrize(
    "names",
    [
        ("羽绒服 0001", "羽绒服 0002"),
        ("连衣裙 黑 L", "连衣裙 红 L"),
        ("连衣裙 黑 L", "连衣裙 黑 M"),
        ("运动鞋", "运动裤子"),
    ],
)
def test_another_number_colour_size_or_word_is_another_sku(names: tuple[str, str]) -> None:
    assert alike(*names) == {}


def test_the_same_name_in_another_category_is_another_sku() -> None:
    assert alike("经典款 01", "经典款 01", categories=("服饰", "家居")) == {}


def sku_rows(**columns: list[object]) -> pl.DataFrame:
    count = len(next(iter(columns.values())))
    rows: dict[str, list[object]] = {
        "sku_code": [f"K{number}" for number in range(count)],
        "barcode": [None] * count,
        "name": [f"物 {number}" for number in range(count)],
        "category": ["食品"] * count,
        "temperature_class": ["ambient"] * count,
        "cost_cny": [10.0] * count,
    }
    typed = {
        "barcode": pl.String,
        "category": pl.String,
        "temperature_class": pl.String,
        "cost_cny": pl.Float64,
    }
    return skus.judged(pl.DataFrame(rows | columns, schema_overrides=typed), {})


def test_one_barcode_under_two_codes_is_found_on_both() -> None:
    found = sku_rows(barcode=["6901234567892", " 6901234567892", "96385074", None, None])
    assert found["sku_barcode_shared"].to_list() == ["shared", "shared", None, None, None]
    assert found["sku_barcode_shared__detail"][0] == "K0, K1"


def test_temperature_agrees_with_category_and_name() -> None:
    found = sku_rows(
        category=["生鲜", "生鲜", "服饰", "食品", "食品", None],
        temperature_class=["ambient", "chilled", "frozen", "frozen", "chilled", "ambient"],
        name=["蓝莓 1", "蓝莓 2", "衬衫 3", "饼干 4", "速冻水饺 5", "袋 6"],
    )
    assert found["sku_temperature_conflict"].to_list() == [
        "category_says_otherwise", None, "category_says_otherwise", None, "name_says_otherwise", None,
    ]  # fmt: skip


def test_a_cost_far_from_its_category_is_told_only_where_there_is_a_usual_one() -> None:
    usual = [10.0, 12.0, 9.0, 11.0]
    assert sku_rows(cost_cny=[*usual, 450.0])["sku_cost_range"].to_list()[-1] == "far_from_category"
    assert sku_rows(cost_cny=[*usual, 300.0])["sku_cost_range"].to_list()[-1] is None, "30 times is within"
    assert sku_rows(cost_cny=[*usual[:3], 450.0])["sku_cost_range"].to_list()[-1] is None, (
        "four have no usual cost"
    )
    assert sku_rows(cost_cny=[None, 0.0, 1e6])["sku_cost_range"].to_list() == [
        "missing",
        "not_positive",
        "too_high",
    ]


def test_a_channel_code_stands_for_one_sku_however_it_is_written() -> None:
    rows = [
        ("jd", "s", "A-1", "K1"),
        ("jd", "s", "a 1", "K2"),
        ("jd", "t", "A-1", "K1"),
        ("jd", "t", "B", "GONE"),
        ("app", "s", "A-1", "K2"),
    ]
    frame = pl.DataFrame(rows, schema=["channel", "shop_id", "channel_sku_code", "sku_code"], orient="row")
    found = aliases.judged(frame, {"skus": pl.DataFrame({"sku_code": ["K1", "K2"]})})
    assert found["alias_ambiguous"].is_not_null().to_list() == [True, True, False, False, False]
    assert found["alias_unknown_sku"].is_not_null().to_list() == [False, False, False, True, False]
    assert found["alias_shops_disagree"].null_count() == 5, (
        "another channel may use a code for something else"
    )


def area(adcode: str, since: str | None, until: str | None) -> dict[str, object]:
    day = {"valid_from": since, "valid_to": until}
    return {"carrier": "A", "adcode": adcode, "service_level": "std"} | {
        name: datetime.fromisoformat(text) if text else None for name, text in day.items()
    }


def judged_areas(*areas: dict[str, object]) -> pl.DataFrame:
    times = {"valid_from": pl.Datetime("us"), "valid_to": pl.Datetime("us")}
    return carriers.judged(pl.DataFrame(list(areas), schema_overrides=times), {})


def test_periods_that_touch_do_not_overlap() -> None:
    """The end is excluded: the next version may begin at the very time."""
    found = judged_areas(
        area("330106", "2026-01-01", "2026-02-01"), area("330106", "2026-02-01", None),
        area("330105", "2026-01-01", "2026-02-02"), area("330105", "2026-02-01", None),
        area("330104", None, None), area("330104", "2026-02-01", "2026-03-01"),
    )  # fmt: skip
    assert found["carrier_validity_overlap"].is_not_null().to_list() == [
        False,
        False,
        False,
        True,
        False,
        True,
    ]


def test_a_period_inside_a_long_one_overlaps_though_a_short_one_lies_between() -> None:
    found = judged_areas(
        area("330106", "2026-01-01", "2026-12-01"), area("330106", "2026-02-01", "2026-03-01"),
        area("330106", "2026-04-01", "2026-05-01"),
    )  # fmt: skip
    assert found["carrier_validity_overlap"].is_not_null().to_list() == [False, True, True]


def test_a_division_out_of_force_names_its_successor() -> None:
    found = judged_areas(area("110103", None, None), area("999999", None, None), area("110101", None, None))
    assert found["carrier_area_unknown"].to_list() == ["division_closed", "no_such_division", None]
    assert found["carrier_area_unknown__suggestion"].to_list() == ["110101", None, None]


def test_two_versions_of_one_place_are_no_duplicates_and_riders_are_not_asked() -> None:
    frame = pl.DataFrame(
        {
            "resource_code": ["S1", "S1", "S2", "R1", "R2"],
            "resource_type": ["store", "store", "store", "rider", "rider"],
            "name": ["徐汇店", "徐汇店", "徐汇 店", "骑手", "骑手"],
            "latitude": [31.1, 31.1, 31.2, None, None],
            "longitude": [121.4, 121.4, 121.5, None, None],
            "service_radius_km": [0.0, 3.0, 101.0, 30.0, 31.0],
            "valid_from": [datetime(2026, 1, 1), datetime(2026, 2, 1), None, None, None],
            "valid_to": [datetime(2026, 2, 1), datetime(2026, 2, 1), None, None, None],
        }
    )
    found = places.judged_resources(frame, {})
    assert found["place_duplicate"].to_list() == [None, None, "same_name", None, None]
    assert found["place_radius_range"].to_list() == ["not_positive", None, "too_far", None, "too_far"]
    assert found["place_validity_reversed"].to_list() == [None, "ends_first", None, None, None]
