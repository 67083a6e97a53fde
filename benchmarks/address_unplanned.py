"""Kinds of noise thought of when the rules stood: orders turned round, two addresses in a cell, names of
places in the names of shops and people, and texts without any division.

What programs leave belongs in `address_mangled.py`; how a kind is written is told in `address_strange.py`.
"""

from __future__ import annotations

from benchmarks.address_world import Case, Kind, Place, World, free, into
from identity.addresses.reference.names import short_name

UNPLANNED: dict[str, Kind] = {}
_FIRMS = ("恒达科技有限公司", "诚信贸易商行", "利民超市", "安居房产中介")
_DISHES = ("拉面", "火锅", "烧饼", "小笼包", "米粉")
kind = into(UNPLANNED)


def _nowhere(text: str, p: Place) -> Case:
    """A text that names no division: a district given would be a guess."""
    return Case("", {"address": text}, None, p)


@kind
def door_before_chain(world: World, p: Place) -> Case:
    return free(p.door + p.chain, p)


@kind
def turned_round_without_marks(world: World, p: Place) -> Case | None:
    return free(p.door + p.town + p.district + p.city + p.province, p) if p.city != p.province else None


@kind
def district_before_city(world: World, p: Place) -> Case | None:
    return free(p.district + p.city + p.door, p) if p.city else None


@kind
def district_before_short_city(world: World, p: Place) -> Case | None:
    return free(f"{p.district} {short_name(p.city)} {p.door}", p) if p.city else None


@kind
def district_before_province(world: World, p: Place) -> Case | None:
    same = [c for c in world.same_name[p.district] if c[:2] == p.adcode[:2]]
    return free(f"{p.district}，{p.province}，{p.door}", p) if len(same) == 1 else None


@kind
def city_before_province(world: World, p: Place) -> Case | None:
    return free(p.city + p.province + p.district + p.door, p) if p.city and p.city != p.province else None


@kind
def attached_number(world: World, p: Place) -> Case:
    return free(f"{p.chain}{p.town}{p.road}{p.number}号附{world.random.randint(1, 20)}号", p)


@kind
def number_of_a_number(world: World, p: Place) -> Case:
    return free(f"{p.chain}{p.road}{p.number}号之{world.random.choice('一二三四五123')}", p)


@kind
def two_addresses(world: World, p: Place) -> Case:
    other = world.place()
    return free(f"{other.chain}{other.town}{other.door}；{p.chain}{p.town}{p.door}", p)


@kind
def two_addresses_joined(world: World, p: Place) -> Case:
    other = world.place()
    return free(other.chain + other.door + p.chain + p.door, p)


@kind
def old_and_new_address(world: World, p: Place) -> Case:
    other = world.place()
    return free(f"原地址：{other.chain}{other.door} 改为：{p.chain}{p.door}", p)


@kind
def numbered_lines(world: World, p: Place) -> Case:
    return free(f"1、{p.chain}{p.town}\n2、{p.door}\r\n", p)


@kind
def country_before(world: World, p: Place) -> Case:
    return free(
        world.random.choice(("中国", "中华人民共和国", "CN ", "China,")) + p.chain + p.town + p.door, p
    )


@kind
def dish_of_another_city(world: World, p: Place) -> Case:
    other = short_name(world.place().city or "兰州市")
    return free(f"{p.chain}{p.road}{p.number}号{other}{world.random.choice(_DISHES)}", p)


@kind
def firm_before_chain(world: World, p: Place) -> Case:
    other = short_name(world.place().city or "兰州市")
    return free(f"{other}{world.random.choice(_FIRMS)} {p.chain}{p.town}{p.door}", p)


@kind
def full_city_in_a_firm_behind(world: World, p: Place) -> Case:
    other = world.place().city or "兰州市"
    return free(f"{p.chain}{p.town}{p.door}{other}{world.random.choice(_FIRMS)}", p)


@kind
def person_named_like_a_place_first(world: World, p: Place) -> Case:
    other = short_name(world.place().district)[:2]
    return free(f"{world.random.choice('李王陈')}{other} {p.chain}{p.town}{p.door}", p)


@kind
def crossing_of_another_citys_road(world: World, p: Place) -> Case:
    other = world.place()
    return free(f"{p.chain}{short_name(other.city or other.province)}路与{p.road}交叉口{p.number}号", p)


@kind
def seat_word_between(world: World, p: Place) -> Case | None:
    return (
        free(f"{p.province}{p.city}市区{p.district}{p.door}", p) if p.city and p.city != p.province else None
    )


@kind
def each_level_twice(world: World, p: Place) -> Case | None:
    if not p.city or p.city == p.province or len(short_name(p.district)) < 2:
        return None
    return free(
        f"{short_name(p.province)} {p.province} {short_name(p.city)} {p.city} {p.district} {p.door}", p
    )


@kind
def town_twice(world: World, p: Place) -> Case:
    return free(p.chain + p.town + p.town + p.door, p)


@kind
def towns_short_name_first_in_door(world: World, p: Place) -> Case | None:
    stem = short_name(p.town)
    return free(f"{p.chain} {stem} {p.door}", p) if len(stem) >= 2 else None


@kind
def traditional_and_wide(world: World, p: Place) -> Case:
    text = "".join(world.traditional.get(c, c) for c in p.chain + p.town)
    return free(f"{text}　{p.door}".replace("号", "號"), p)


@kind
def dots_between(world: World, p: Place) -> Case:
    return free(".".join([p.province, p.city, p.district, p.town, p.door]), p)


@kind
def province_typo(world: World, p: Place) -> Case | None:
    wrong = world.other_sound(p.province)
    if wrong is None or not p.city or p.city == p.province:
        return None
    return free(wrong + p.city + p.district + p.door, p)


@kind
def city_typo(world: World, p: Place) -> Case | None:
    wrong = world.other_sound(p.city) if p.city and p.city != p.province else None
    if wrong is None or wrong in world.names.values():
        return None
    return free(p.province + wrong + p.district + p.town + p.door, p)


@kind
def character_left_out(world: World, p: Place) -> Case | None:
    """省 and 市 left out, the district whole."""
    if not p.city or p.city == p.province:
        return None
    return free(p.province.removesuffix("省") + p.city.removesuffix("市") + p.district + p.town + p.door, p)


@kind
def road_named_like_a_city(world: World, p: Place) -> Case | None:
    name = p.city or p.district
    stem = short_name(name)
    return _nowhere(f"{stem}路{p.number}号{p.compound}", p) if stem != name else None


@kind
def building_named_like_a_district(world: World, p: Place) -> Case | None:
    stem = short_name(p.district)
    return _nowhere(f"{stem}大厦{p.room}室", p) if stem != p.district else None


@kind
def compound_alone(world: World, p: Place) -> Case:
    return _nowhere(p.door, p)


@kind
def english_alone(world: World, p: Place) -> Case:
    return _nowhere(f"Room {p.room}, Building {p.building or 1}, No.{p.number} Wensan Road, Xihu District", p)


@kind
def pinyin_alone(world: World, p: Place) -> Case:
    return _nowhere(world.spelled(p.chain) + f" lu {p.number} hao", p)


@kind
def words_alone(world: World, p: Place) -> Case:
    return _nowhere(world.random.choice(("同上", "无", "自提", "见备注", "电联", "老地方", "???", "……")), p)
