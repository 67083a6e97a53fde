"""What is written out of order or without its kind: the door before the divisions, a town without 街道, two
addresses in a cell, names of places in other names."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from identity.addresses import standardise


def one(text: str) -> dict[str, Any]:
    """The standardised row of one address."""
    return standardise(pl.DataFrame({"address": [text]})).row(0, named=True)


@pytest.mark.parametrize(
    "text",
    [
        "文三路478号3幢2单元501室西湖区杭州市",
        "文三路478号3幢2单元501室，西湖区，杭州市，浙江省",
        "西湖区 杭州 文三路478号3幢2单元501室",
        "浙江省杭州市西湖区文三路478号3幢2单元501室 浙江省杭州市西湖区",
    ],
)
def test_divisions_behind_or_around_the_door_give_the_key_of_the_usual_order(text: str) -> None:
    usual = one("浙江省杭州市西湖区文三路478号3幢2单元501室")
    assert one(text)["address_key"] == usual["address_key"] == "330106|文三路|478|3|2|501"


def test_a_door_of_one_chain_is_never_given_to_another() -> None:
    """Of two different chains the last one wins; what stands before it is the other's door."""
    row = one("浙江省杭州市西湖区文三路478号，江苏省南京市鼓楼区")
    assert (row["adcode"], row["has_conflict"], row["road"]) == ("320106", True, None)


@pytest.mark.parametrize(
    ("text", "town", "road"),
    [
        ("浙江省杭州市西湖区北山曙光路12号", "北山街道", "曙光路"),
        ("广东省东莞市虎门运河路2号", "虎门镇", "运河路"),
        ("武汉市江汉区民族新华路3号", "民族街道", "新华路"),
        ("浙江省义乌市北苑秋实路一百二十三号", "北苑街道", "秋实路"),
    ],
)
def test_a_town_without_its_kind_is_read_where_a_whole_road_follows(text: str, town: str, road: str) -> None:
    row = one(text)
    assert (row["town"], row["road"], row["confidence"]) == (town, road, 0.89)


@pytest.mark.parametrize(
    ("text", "road"),
    [
        ("浙江省杭州市西湖区北山路12号", "北山路"),
        ("武汉市江汉区民族北路3号", "民族北路"),
        ("武汉市江汉区民族一马路3号", "民族一马路"),
        ("武汉市江汉区民族大道3号", "民族大道"),
    ],
)
def test_a_road_named_like_a_town_is_the_road(text: str, road: str) -> None:
    row = one(text)
    assert (row["town"], row["road"]) == (None, road)


def test_of_two_addresses_in_a_cell_the_last_complete_chain_wins() -> None:
    row = one("原地址：浙江省杭州市西湖区文三路478号 改为：江苏省南京市鼓楼区汉口路22号")
    assert (row["adcode"], row["road"], row["has_conflict"]) == ("320106", "汉口路", True)


@pytest.mark.parametrize(
    "text", ["清水河大厦1101室", "朝阳大厦1101室", "Xihu District, Hangzhou", "xi hu qu", "同上"]
)
def test_no_division_is_read_where_none_is_named(text: str) -> None:
    row = one(text)
    assert (row["adcode"], row["match_method"]) == (None, "none")


@pytest.mark.parametrize(
    "text",
    [
        "江西省南昌市金桥乡新建区学创大道1953号",
        "江西省南昌市新建区金桥乡学创大道1953号 江西省南昌市新建区",
    ],
)
def test_a_district_that_is_named_again_does_not_forget_its_town(text: str) -> None:
    row = one(text)
    assert (row["town"], row["road"], row["has_conflict"]) == ("金桥乡", "学创大道", False)
