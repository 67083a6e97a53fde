"""How an address is written: five spellings of a door, five of a region, stations, desks, warehouses, and
stars.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.held_out_world import happenings as happened_
from benchmarks.held_out_world import people as population
from benchmarks.held_out_world import places
from benchmarks.held_out_world.chance import Array, Chance, either, joined, take
from benchmarks.held_out_world.rates import rate

_WAREHOUSES = 6
"""Forwarders (集运仓) that the buyers abroad share."""
_HIDDEN_AT_PDD = 0.15
"""Exports where 拼多多 hides province and city too."""
COLUMNS = ("province", "city", "district", "town", "address")


def written(
    chance: Chance, people: population.People, happened: happened_.Happenings, hidden: Array
) -> pl.DataFrame:
    """Province to address of each record; `hidden` says which are masked by their channel."""
    sites, doors, home = people.sites, people.doors, happened.home
    count = len(home)
    site = np.where(happened.place == happened_.DESK, happened.office // 4, doors.site[home])
    forwarder = (chance.key(happened.named, 71) % np.uint64(_WAREHOUSES)).astype(np.int64)
    site = np.where(happened.place == happened_.WAREHOUSE, forwarder * 7 % len(sites.kind), site)
    spelling = _habit(chance, happened, 72, np.array([0.34, 0.2, 0.16, 0.18, 0.12]))
    region = [take(sites.districts[name], sites.district[site]) for name in ("province", "city", "name")]
    town = take(sites.towns, sites.town[site]).fill_null("")
    road = joined(take(sites.road, site), pl.Series(sites.number[site]), "号")
    road = either(sites.kind[site] == places.VILLAGE, pl.Series([""] * count, dtype=pl.String), road)
    name = take(sites.name, site)
    detail = _detail(people, happened, spelling, road, name)
    detail = either(
        happened.place == happened_.STATION,
        joined(
            name,
            take(
                ["菜鸟驿站", "菜鸟驿站(", "妈妈驿站", "丰巢柜", "快递超市"],
                np.where(spelling == 1, 2, spelling),
            ),
        ),
        detail,
    )
    desk = joined(road, take(["科技大厦", "商务中心", "创业园", "国际广场"], happened.office.clip(0) % 4),
                  take(["A座15楼前台", "前台代收", "1503", "A座15层", "收发室"], spelling))  # fmt: skip
    detail = either(happened.place == happened_.DESK, desk, detail)
    code = pl.Series(10_000 + (chance.key(happened.named, 73) % np.uint64(90_000)).astype(np.int64))
    detail = either(happened.place == happened_.WAREHOUSE, joined(road, "集运仓 UID", code), detail)
    scalper = people.scalper[happened.buyer]
    tail = take(
        ["", " A", "(2)", "门面", "二楼", "-1", "后门", "左"], np.where(scalper, chance.below(8, count), 0)
    )
    polite = take(
        ["", " 放门口", "（送货前电话）", " 勿放快递柜"], chance.choose(np.array([93, 4, 1.5, 1.5]), count)
    )
    detail = joined(detail, tail, polite)
    with_town = (spelling <= 1) & chance.happens(0.8, count) | (sites.kind[site] == places.VILLAGE)
    detail = joined(either(with_town, town, pl.Series([""] * count, dtype=pl.String)), detail)
    return _columns(chance, happened, region, town, detail, hidden)


def _habit(chance: Chance, happened: happened_.Happenings, salt: int, shares: Array) -> Array:
    """One of some ways to write: that of the address book in the channel, now and then another."""
    fresh = chance.happens(rate("address_fresh_spelling"), len(happened.home))
    draw = chance.habit(happened.named, happened.channel, happened.home, salt)
    draw = np.where(fresh, chance.rng.random(len(draw)), draw)
    return np.searchsorted(np.cumsum(shares), draw).clip(0, len(shares) - 1)


def _detail(
    people: population.People,
    happened: happened_.Happenings,
    spelling: Array,
    road: pl.Series,
    name: pl.Series,
) -> pl.Series:
    """Estate, building, unit and room in five spellings; a village is its name alone."""
    doors, home = people.doors, happened.home
    has_unit, has_door = doors.unit[home] > 0, doors.building[home] > 0
    building, unit = pl.Series(doors.building[home]), pl.Series(doors.unit[home])
    room = pl.Series(doors.floor[home] * 100 + doors.room[home])
    none = pl.Series([""] * len(home), dtype=pl.String)
    unit_text, unit_dash = (
        either(has_unit, joined(unit, "单元"), none),
        either(has_unit, joined(unit, "-"), none),
    )
    ways = [
        joined(road, name, either(has_door, joined(building, "栋", unit_text, room, "室"), none)),
        joined(name, either(has_door, joined(building, "-", unit_dash, room), none)),
        joined(road, either(has_door, joined(building, "号楼", unit_text, room), name)),
        joined(name, either(has_door, joined(building, "幢", unit_text, room), none)),
        joined(name, "(", road, ")", either(has_door, joined(building, "#", room), none)),
    ]
    detail = ways[0]
    for number, way in enumerate(ways[1:], start=1):
        detail = either(spelling == number, way, detail)
    return detail


def _columns(
    chance: Chance,
    happened: happened_.Happenings,
    region: list[pl.Series],
    town: pl.Series,
    detail: pl.Series,
    hidden: Array,
) -> pl.DataFrame:
    """Which columns a channel fills; the rest stands in the address."""
    province, city, district = region
    count = len(detail)
    style = _habit(chance, happened, 74, np.array([0.45, 0.2, 0.15, 0.12, 0.08]))
    short = [
        part.str.replace("(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$", "")
        for part in (province, city)
    ]
    prefixes = [
        joined(province, city, district),
        joined(*short, district),
        joined(short[0], " ", short[1], " ", district),
        joined(city, district),
        district,
    ]
    prefix = prefixes[0]
    for number, text in enumerate(prefixes[1:], start=1):
        prefix = either(style == number, text, prefix)
    hides = hidden & (chance.rng.random(count) < 0.9)
    detail = either(
        hides, take(["****", "***", "**"], np.where(happened.channel == happened_.PDD, 1, 0)), detail
    )
    in_columns = np.isin(
        happened.channel, (happened_.DOUYIN, happened_.PDD, happened_.JD, happened_.WX_SHOP)
    ) | chance.happens(0.35, count)
    repeated = ~in_columns | chance.happens(0.2, count)
    address = either(repeated, joined(prefix, detail), detail)
    pdd = (happened.channel == happened_.PDD) & hidden & chance.happens(_HIDDEN_AT_PDD, count)
    stars, nothing = pl.Series(["****"] * count), pl.Series([None] * count, dtype=pl.String)
    cells = [either(pdd, stars, either(in_columns, part, nothing)) for part in (province, city)]
    towns = either(in_columns & chance.happens(0.4, count), town, nothing)
    return pl.DataFrame(
        [*cells, either(in_columns, district, nothing), towns, either(pdd, stars, address)], schema=COLUMNS
    )
