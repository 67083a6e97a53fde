"""Addresses: one row a home, company or reseller, and the ways in which people write them.

Divisions come from the committed reference; roads, compounds and firms are put together from syllables.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

import identity.addresses
from benchmarks.identity_world import texts
from benchmarks.identity_world.texts import Ints, Random

_REFERENCE = Path(identity.addresses.__file__).parent / "reference"
_SYLLABLES = "明德文华光秀和安康宁瑞祥云锦春秋岭泉松竹梅兰石桥塔湾洋林庆昌盛隆福禄学府科创星海滨江湖山"
_ROADS = ("路", "街", "大道", "巷", "东路", "西路", "南街", "中路")
_COMPOUNDS = ("小区", "花园", "家园", "苑", "公寓", "名城", "新村", "府")
_FIRMS = ("科技", "商贸", "电子", "文化传媒", "建材", "物流", "服饰")
_CITY_TILT = 0.75
DETAIL = ("road", "number", "compound", "building", "unit", "room")


def districts() -> pl.DataFrame:
    """All districts (and cities without any): province, city, district, in order of the reference."""
    as_text = {"adcode": pl.String, "parent": pl.String}
    region = pl.read_csv(_REFERENCE / "region.csv", schema_overrides=as_text)
    level = {kind: region.filter(pl.col("level") == kind) for kind in ("province", "city", "district")}
    names = region.select("adcode", "name", "parent", "level")
    low = level["district"].select("name", "parent").rename({"name": "district"})
    low = low.join(names.rename({"adcode": "parent", "parent": "above", "name": "city"}), on="parent")
    top = level["province"].select(above="adcode", province="name")
    low = low.join(top, on="above", how="left", maintain_order="left")
    municipal = pl.col("level") == "province"
    return low.select(
        province=pl.when(municipal).then("city").otherwise("province"),
        city="city",
        district="district",
    ).drop_nulls()


def make_places(random: Random, count: int) -> pl.DataFrame:
    """`count` places: province, city, district and the parts of the door."""
    known = districts()
    rank = random.permutation(known.height)
    where = rank[texts.pick(random, [""] * known.height, count, _CITY_TILT)]
    street = random.integers(0, 10**9, count)
    syllable = [texts.words(_SYLLABLES, random.integers(0, len(_SYLLABLES), count)) for _ in range(4)]
    road = syllable[0] + syllable[1] + texts.words(_ROADS, texts.pick(random, _ROADS, count, 0.8))
    compound = syllable[2] + syllable[3] + texts.words(_COMPOUNDS, texts.pick(random, _COMPOUNDS, count, 0.5))
    firm = syllable[3] + syllable[0] + texts.words(_FIRMS, street % len(_FIRMS))
    return known[where].with_columns(
        road=road,
        number=pl.Series(street % 380 + 1),
        compound=compound,
        building=pl.Series(random.integers(1, 31, count)),
        unit=pl.Series(random.integers(1, 4, count)),
        room=pl.Series(random.integers(1, 29, count) * 100 + random.integers(1, 5, count)),
        firm=firm,
    )


def written(random: Random, places: pl.DataFrame, is_firm: texts.Bools) -> pl.DataFrame:
    """province, city, district, address as one of the many ways puts them; one row a row of `places`."""
    count = places.height
    style, chain = random.integers(0, 8, count), random.random(count)
    door = [
        "{road}{number}号{compound}{building}栋{unit}单元{room}室",
        "{compound}{building}-{unit}-{room}",
        "{road}{number}号 {compound} {building}号楼{unit}单元{room}",
        "{compound}{building}幢{unit}单元{room}",
        "{road}{number}号{compound}{building}号楼{room}",
        "{compound}{building}栋{room}",
        "{road}{compound}{building}#{unit}-{room}",
        "{compound}菜鸟驿站",
    ]
    at_work = ["{road}{number}号{compound}大厦{room}{firm}公司", "{compound}大厦{firm}公司前台"]
    forms = [_format(places, form) for form in door]
    homes = pl.select(_chosen(forms, np.where((style == 7) & (chain < 0.6), 0, style))).to_series()
    firms = pl.select(_chosen([_format(places, form) for form in at_work], style % 2)).to_series()
    detail = homes.zip_with(pl.Series(~is_firm), firms)
    whole = (chain >= 0.78) & (chain < 0.90)
    bare = chain >= 0.97
    head = (
        places["province"] + places["city"].set(places["city"] == places["province"], "") + places["district"]
    )
    in_columns = pl.Series(~whole & ~bare)
    short = pl.Series(random.random(count) < 0.15)
    city = places["city"].zip_with(~short, places["city"].str.strip_suffix("市"))
    province = places["province"].zip_with(~short, places["province"].str.strip_suffix("省"))
    return pl.DataFrame(
        {
            "province": province.set(~in_columns, None),
            "city": city.set(~in_columns, None),
            "district": places["district"].set(~in_columns, None),
            "address": (head + detail).zip_with(pl.Series(whole), detail),
        }
    )


def masked(address: pl.DataFrame) -> pl.DataFrame:
    """Only divisions stay readable; the door is stars."""
    return address.with_columns(
        address=pl.when(pl.col("province").is_null()).then(None).otherwise(pl.lit("****"))
    )


def _format(places: pl.DataFrame, form: str) -> pl.Series:
    columns = [part.split("}")[0] for part in form.split("{")[1:]]
    plain = form
    for column in columns:
        plain = plain.replace("{" + column + "}", "{}")
    return places.select(pl.format(plain, *columns).alias("text"))["text"]


def _chosen(options: list[pl.Series], choice: Ints) -> pl.Expr:
    told = pl.lit(options[0])
    for number, option in enumerate(options[1:], start=1):
        told = pl.when(pl.Series(choice == number)).then(option).otherwise(told)
    return told
