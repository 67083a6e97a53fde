"""Which division is read, one test a class of errors; each case is our own, with the code from the
reference."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from identity.addresses import standardise


def one(text: str, **columns: str) -> dict[str, Any]:
    """The standardised row of one address."""
    return standardise(pl.DataFrame([{**columns, "address": text}])).row(0, named=True)


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("浙江省杭州市西湖区文三路478号", "330106"),
        ("上海浦东新区世纪大道8号", "310115"),
        ("内蒙呼和浩特新城区海拉尔大街1号", "150102"),
        ("深圳南山科技园", "440305"),
        ("吉林吉林昌邑区", "220202"),
        ("上海上海市浦东新区", "310115"),
        ("北京市北京市市辖区东城区", "110101"),
        ("浙江省义乌市稠城街道", "330782"),
        ("河南省济源市沁园街道", "419001"),
        ("广东省东莞市长安镇", "441900"),
        ("海南省儋州市那大镇", "460400"),
        ("中国四川省成都市武侯区", "510107"),
        ("廣東省深圳市南山區粵海街道", "440305"),
        ("⻄藏自治区拉萨市城关区", "540102"),
        ("江苏省，南京市、鼓楼区-汉口路２２号", "320106"),
        ("云南省普洱市镇沅彝族哈尼族拉祜族自治县", "530825"),
        ("普洱镇沅彝族哈尼族拉祜族自治县", "530825"),
    ],
)
def test_a_chain_is_read_however_it_is_written(text: str, adcode: str) -> None:
    assert one(text)["adcode"] == adcode


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("上海浦东新区世纪大道8号", ("上海市", "上海市", "浦东新区")),
        ("重庆市云阳县", ("重庆市", "重庆市", "云阳县")),
        ("天津", ("天津市", "天津市", None)),
        ("河南省济源市沁园街道", ("河南省", None, "济源市")),
        ("广东省东莞市长安镇", ("广东省", "东莞市", None)),
        ("浙江省", ("浙江省", None, None)),
    ],
)
def test_a_municipality_is_its_own_city_and_a_county_under_a_province_has_none(
    text: str, names: tuple[str | None, ...]
) -> None:
    row = one(text)
    assert (row["province"], row["city"], row["district"]) == names


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("上海市闸北区天目西路1号", "310106"),
        ("上海市南汇区惠南镇", "310115"),
        ("北京市崇文区", "110101"),
        ("浙江省杭州市下城区", "330105"),
        ("重庆市江北区", "500157"),
        ("山东省莱芜市钢城区", "370117"),
        ("湖北省襄樊市樊城区", "420606"),
        ("吉林省四平市公主岭市", "220184"),
    ],
)
def test_an_old_name_gives_the_division_of_today(text: str, adcode: str) -> None:
    row = one(text)
    assert (row["adcode"], row["match_method"]) == (adcode, "legacy")


def test_a_town_decides_between_a_district_and_the_part_that_left_it() -> None:
    assert one("杭州市余杭区五常街道")["adcode"] == "330110"
    assert one("杭州市余杭区临平街道")["adcode"] == "330113"
    assert one("浙江省杭州市余杭区")["adcode"] == "330110"


def test_an_ambiguous_district_is_null_with_all_candidates_until_something_decides() -> None:
    row = one("朝阳区建国路88号")
    assert (row["adcode"], row["district"], row["match_method"]) == (None, None, "ambiguous")
    assert row["candidates"] == ["110105", "220104"]
    assert one("朝阳区望京街道")["adcode"] == "110105"
    assert one("朝阳区北京市")["adcode"] == "110105"


def test_a_road_that_looks_like_a_district_is_a_road() -> None:
    row = one("北京市朝阳路3号")
    assert (row["adcode"], row["road"]) == ("110000", "朝阳路")
    assert one("广东省深圳市福田区南山大道8号")["adcode"] == "440304"


def test_a_town_alone_names_its_district_only_if_asked() -> None:
    frame = pl.DataFrame({"address": ["横店镇梨园路1号"]})
    assert standardise(frame).select("adcode", "match_method").row(0) == ("330783", "inferred_by_town")
    assert standardise(frame, infer_town=False).select("adcode", "match_method").row(0) == (None, "none")


def test_of_two_chains_the_last_complete_one_wins() -> None:
    assert one("江苏省南京市鼓楼区福建省福州市鼓楼区五四路1号")["adcode"] == "350102"
    assert one("文三路1号", province="浙江省", city="杭州市", district="西湖区")["adcode"] == "330106"
    row = one("山东省烟台市莱阳市穴坊镇", province="山东省", city="烟台市", district="栖霞市")
    assert row["adcode"] == "370682"


def test_masked_columns_are_unknown() -> None:
    assert one("浙江省杭州市西湖区", province="****", city="**", district="*")["adcode"] == "330106"


def test_people_phones_and_latin_text_change_nothing() -> None:
    plain = one("浙江省杭州市西湖区文三路478号3幢501室")
    for text in (
        "陈海南 13812345678 浙江省杭州市西湖区文三路478号3幢501室",
        "浙江省杭州市西湖区文三路478号3幢501室，陈海南，138****5678",
        "收货人：陈海南，电话：0571-88888888，地址：浙江省杭州市西湖区文三路478号3幢501室",
        "Zhejiang浙江省 Hangzhou杭州市 West Lake西湖区文三路478号3幢501室",
    ):
        assert one(text)["address_key"] == plain["address_key"]


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("浙江省抗州市西湖区", "330106"),
        ("航州市西湖区文三路1号", "330106"),
        ("浙江省杭州市西糊区文三路1号", "330106"),
        ("江苏省南京市姑楼区", "320106"),
    ],
)
def test_one_wrong_character_is_mended(text: str, adcode: str) -> None:
    assert one(text)["adcode"] == adcode


def test_a_name_that_no_division_resembles_is_left_alone() -> None:
    row = one("浙江省杭州市东二区文三路1号")
    assert (row["adcode"], row["district"]) == ("330100", None)


def test_a_development_zone_is_no_division() -> None:
    row = one("四川省成都市高新区天府大道1号")
    assert (row["adcode"], row["district"], row["match_method"]) == ("510100", None, "alias")


def test_no_division_named_none_given() -> None:
    row = one("文三路478号3幢501室")
    assert (row["adcode"], row["match_method"], row["confidence"]) == (None, "none", 0.0)
    assert row["address_key"] is None


def test_a_district_under_another_kind_is_read_behind_its_city_only() -> None:
    row = one("陕西省宝鸡市麟游区一马路1号")
    assert (row["adcode"], row["match_method"]) == ("610329", "alias")
    assert one("麟游区一马路1号")["adcode"] is None


def test_two_whole_chains_that_differ_are_a_conflict() -> None:
    assert one("江苏省南京市鼓楼区福建省福州市鼓楼区五四路1号")["has_conflict"]
    assert not one("江苏省南京市鼓楼区江苏省南京市鼓楼区")["has_conflict"]
    columns = {"province": "浙江省", "city": "杭州市", "district": "西湖区"}
    assert one("江苏省南京市鼓楼区汉口路22号", **columns)["has_conflict"]
    assert not one("浙江省杭州市西湖区文三路1号", **columns)["has_conflict"]
