"""Where people live and work: estates, county towns, villages, campuses, offices. How an address is
written is in `addresses`; who lives where is in `people`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.held_out_world.chance import Array, Chance
from benchmarks.held_out_world.rates import rate

URBAN, TOWN, VILLAGE, CAMPUS = 0, 1, 2, 3
HOMES_PER_SITE = {URBAN: 24, TOWN: 14, VILLAGE: 45, CAMPUS: 60}
"""Of this merchant's buyers; an estate has 500 to 3,000 doors, but one merchant knows few of them."""

_REFERENCE = Path(__file__).parents[2] / "identity" / "addresses" / "reference"
_LARGE_CITIES = (
    "北京市 上海市 广州市 深圳市 杭州市 成都市 重庆市 武汉市 苏州市 南京市 西安市 郑州市 东莞市 佛山市 宁波市"
)
_LARGE_CITY_WEIGHT = 4.0
_FIRST = (
    "阳光 金色 翡翠 锦绣 东方 世纪 紫金 绿地 万科 保利 恒大 碧桂园 中海 龙湖 御景 丽水 香榭 凤凰 滨江 "
    "学府 幸福 和平 新华 康居 水岸 天鹅"
)
_SECOND = "花园 家园 名苑 华庭 公馆 新村 小区 国际城 雅苑 豪庭 一期 二期 公寓 嘉园 佳苑"
_ROADS = (
    "人民 中山 解放 建设 文化 新华 和平 长江 黄河 科技 学府 迎宾 滨河 朝阳 光明 胜利 友谊 环城 东风 "
    "青年 振兴 富强 花园 工业 创业"
)
_VILLAGES = (
    "王家 李家 张家 大石 小河 东山 西岭 南塘 北沟 上湾 下坝 石桥 柳树 槐树 桃园 龙潭 新民 团结 前进 红旗"
)


@dataclass(frozen=True)
class Sites:
    """Places of many doors by number: kind, district (row of `districts`), town (row of `towns`), name
    parts.
    """

    kind: Array
    district: Array
    town: Array
    road: pl.Series
    number: Array
    name: pl.Series
    districts: pl.DataFrame
    towns: pl.Series
    city: Array


def build(chance: Chance, homes: int) -> Sites:
    """Enough sites for so many homes."""
    districts, towns, first_town, town_count = _reference()
    shares = {VILLAGE: rate("village_share"), TOWN: rate("town_share"), CAMPUS: rate("dormitory_home")}
    shares[URBAN] = 1 - sum(shares.values())
    kind = np.concatenate(
        [np.full(math.ceil(homes * share / HOMES_PER_SITE[k]), k) for k, share in sorted(shares.items())]
    )
    count = len(kind)
    weights = chance.rng.lognormal(0, 1, len(districts))
    weights *= np.where(districts["city"].is_in(_LARGE_CITIES.split()), _LARGE_CITY_WEIGHT, 1.0)
    district = chance.choose(weights, count)
    town = first_town[district] + chance.below(town_count[district], count)
    pick = lambda words: pl.Series(words.split()).gather(chance.below(len(words.split()), count))  # noqa: E731
    names = pl.DataFrame(
        {"kind": kind, "a": pick(_FIRST), "b": pick(_SECOND), "v": pick(_VILLAGES), "r": pick(_ROADS)}
    ).select(
        pl.when(pl.col("kind") == VILLAGE)
        .then(pl.col("v") + "村")
        .when(pl.col("kind") == CAMPUS)
        .then(pl.col("r") + "大学")
        .otherwise(pl.col("a") + pl.col("b"))
        .alias("name"),
        pl.concat_str(
            "r", pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("大道")).otherwise(pl.lit("路"))
        ).alias("road"),
    )
    city = districts["city_number"].to_numpy()[district]
    return Sites(
        kind, district, np.where(town_count[district] > 0, town, -1), names["road"],
        1 + chance.below(400, count), names["name"], districts, towns, city,
    )  # fmt: skip


def _reference() -> tuple[pl.DataFrame, pl.Series, Array, Array]:
    """Districts with city and province, the names of all towns, and each district's first town and count."""
    region = pl.read_csv(
        _REFERENCE / "region.csv", schema_overrides={"adcode": pl.String, "parent": pl.String}
    )
    above = region.select("adcode", "name", "parent", "level")
    districts = (
        region.filter(pl.col("level") == "district")
        .join(above, left_on="parent", right_on="adcode", how="left", maintain_order="left", suffix="_up")
        .join(above, left_on="parent_up", right_on="adcode", how="left", maintain_order="left", suffix="_top")
        .select(
            "adcode", "name",
            pl.col("name_up").alias("city"),
            pl.coalesce("name_top", "name_up").alias("province"),
        )
        .drop_nulls()
        .sort("adcode")
        .with_columns(pl.col("city").rank("dense").cast(pl.Int64).alias("city_number"))
    )  # fmt: skip
    towns = pl.read_csv(_REFERENCE / "township.csv.gz", schema_overrides={"adcode": pl.String}).sort(
        "adcode", "town_code"
    )
    codes = towns["adcode"].to_numpy().astype("U6")
    keys = districts["adcode"].to_numpy().astype("U6")
    first = np.searchsorted(codes, keys, side="left")
    return districts, towns["name"], first, np.searchsorted(codes, keys, side="right") - first


@dataclass(frozen=True)
class Doors:
    """Homes by number: a site, and building, unit, floor and room in it (0 where there is none)."""

    site: Array
    building: Array
    unit: Array
    floor: Array
    room: Array


def doors(chance: Chance, sites: Sites, site: Array) -> Doors:
    """A door for each of these sites: none in a village, half of them none in a county town."""
    count = len(site)
    kind = sites.kind[site]
    has_door = (kind == URBAN) | (kind == CAMPUS) | ((kind == TOWN) & chance.happens(0.5, count))
    high = chance.happens(0.6, count) & (kind == URBAN)
    floors = np.where(high, 32, 6)
    return Doors(
        site,
        np.where(has_door, 1 + chance.below(24, count), 0),
        np.where(has_door & (kind != CAMPUS), 1 + chance.below(3, count), 0),
        np.where(has_door, 1 + chance.below(floors, count), 0),
        np.where(has_door, 1 + chance.below(np.where(kind == CAMPUS, 30, 4), count), 0),
    )


def site_of_kind(chance: Chance, sites: Sites, kinds: Array) -> Array:
    """A site of the wished kind for each."""
    site = np.zeros(len(kinds), dtype=np.int64)
    for kind in (URBAN, TOWN, VILLAGE, CAMPUS):
        rows = np.flatnonzero(kinds == kind)
        of_kind = np.flatnonzero(sites.kind == kind)
        site[rows] = of_kind[chance.below(len(of_kind), len(rows))]
    return site


def site_in_city(chance: Chance, sites: Sites, city: Array) -> Array:
    """An estate or county town in each one's city; -1 where the city has none."""
    able = np.flatnonzero(sites.kind <= TOWN)
    able = able[np.argsort(sites.city[able], kind="stable")]
    first = np.searchsorted(sites.city[able], city, side="left")
    found = np.searchsorted(sites.city[able], city, side="right") - first
    return np.where(found > 0, able[(first + chance.below(found, len(city))).clip(0, len(able) - 1)], -1)
