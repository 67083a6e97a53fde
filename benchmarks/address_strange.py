"""Further kinds of noise, made without a look at the rules: what they score is nearer to unseen data.

Each function takes true parts and writes them as people, programs and platforms do. The first 41 kinds stand
in `address_noise.py`, what programs leave in `address_mangled.py`, the world in `address_world.py`.
"""

from __future__ import annotations

from benchmarks.address_world import Case, Kind, Place, World, free, into
from identity.addresses.reference.names import short_name

STRANGE: dict[str, Kind] = {}
_POINT_WORDS = ("对面", "旁边", "门口", "斜对面", "往东200米", "附近")
_NOTES = ("放门口", "打电话再送", "周末送货", "不要放驿站")
_SHOPS = ("全家便利店", "菜鸟驿站", "沙县小吃", "中国银行", "第一人民医院", "实验小学")
kind = into(STRANGE)


def _columns(p: Place, **columns: str) -> Case:
    return Case("", columns, p.adcode, p)


@kind
def reversed_order(world: World, p: Place) -> Case:
    """Door first, as on envelopes from abroad."""
    return free(f"{p.door}，{p.district}，{p.city}，{p.province}", p)


@kind
def landmark_before(world: World, p: Place) -> Case:
    return free(f"{p.chain}{world.random.choice(_SHOPS)}{world.random.choice(_POINT_WORDS)}{p.door}", p)


@kind
def note_behind(world: World, p: Place) -> Case:
    return free(
        f"{p.chain}{p.town}{p.door}（{world.random.choice(_NOTES)}）",
        p,
    )


@kind
def note_before(world: World, p: Place) -> Case:
    return free(f"【请送货上门】{p.chain}{p.town}{p.door}", p)


@kind
def province_in_columns_only(world: World, p: Place) -> Case | None:
    return _columns(p, province=p.province, address=p.city + p.district + p.door) if p.city else None


@kind
def wrong_column_shift(world: World, p: Place) -> Case | None:
    """City and district stand one column too far left."""
    if not p.city or p.city == p.province:
        return None
    return _columns(p, province=p.city, city=p.district, district="", address=p.door)


@kind
def all_in_one_column(world: World, p: Place) -> Case:
    return _columns(
        p,
        province=p.province,
        city=p.province + p.city,
        district=p.province + p.city + p.district,
        address=p.door,
    )


@kind
def slash_joined(world: World, p: Place) -> Case:
    return free(f"{p.province}/{p.city or p.province}/{p.district}/{p.town}/{p.door}", p)


@kind
def short_province_full_rest(world: World, p: Place) -> Case:
    city = "" if p.city == p.province else p.city
    return free(short_name(p.province) + city + p.district + p.town + p.door, p)


@kind
def short_all_with_spaces(world: World, p: Place) -> Case | None:
    if not p.city or len(short_name(p.district)) < 2:
        return None
    return free(f"{short_name(p.province)} {short_name(p.city)} {short_name(p.district)} {p.door}", p)


@kind
def short_district_after_full_city(world: World, p: Place) -> Case | None:
    if not p.city or len(short_name(p.district)) < 2 or p.city == p.province:
        return None
    return free(p.province + p.city + short_name(p.district) + p.town + p.door, p)


@kind
def city_as_district_kind(world: World, p: Place) -> Case | None:
    """A county written as the district that it is not, or a city as a county."""
    stem, last = p.district[:-1], p.district[-1]
    swapped = {"县": "区", "区": "县", "市": "县"}.get(last)
    if not swapped or len(stem) < 2 or not p.city or stem + swapped in world.same_name:
        return None
    others = [n for n in world.same_name if n.startswith(stem) and n != p.district]
    return None if others else free(p.chain.removesuffix(p.district) + stem + swapped + p.door, p)


@kind
def district_twice(world: World, p: Place) -> Case:
    return free(p.chain + p.district + p.town + p.door, p)


@kind
def chain_twice(world: World, p: Place) -> Case:
    return free(p.chain + " " + p.chain + p.town + p.door, p)


@kind
def chain_twenty_times(world: World, p: Place) -> Case:
    return free(p.chain * 20 + p.door, p)


@kind
def chain_behind_door_too(world: World, p: Place) -> Case:
    return free(f"{p.chain}{p.door} {p.chain}", p)


@kind
def conflict_of_city_and_district(world: World, p: Place) -> Case | None:
    """The city is another one of the province; the district's name is the only one there."""
    other = world.place()
    same = [c for c in world.same_name[p.district] if c[:2] == p.adcode[:2]]
    if (
        other.adcode[:2] != p.adcode[:2]
        or other.adcode[:4] == p.adcode[:4]
        or len(same) > 1
        or not other.city
        or not p.city
    ):
        return None
    return free(p.province + other.city + p.province + p.city + p.district + p.door, p)


@kind
def wrong_province(world: World, p: Place) -> Case | None:
    other = world.place()
    if (
        other.province == p.province
        or not p.city
        or p.city == p.province
        or len(world.same_name[p.district]) > 1
    ):
        return None
    return free(other.province + p.city + p.district + p.door, p)


@kind
def typo_by_look(world: World, p: Place) -> Case | None:
    wrong = _look_alike(world, p.district)
    if wrong is None or len(p.district) < 3 or wrong in world.same_name or not p.city:
        return None
    return free(p.chain.removesuffix(p.district) + wrong + p.door, p)


@kind
def typo_with_town(world: World, p: Place) -> Case | None:
    wrong = world.other_sound(p.district)
    if wrong is None or len(p.district) < 3 or wrong in world.same_name or not p.city or not p.town:
        return None
    return free(p.chain.removesuffix(p.district) + wrong + p.town + p.door, p)


@kind
def typo_without_province(world: World, p: Place) -> Case | None:
    wrong = world.other_sound(p.district)
    if wrong is None or len(p.district) < 3 or wrong in world.same_name or not p.city or p.city == p.province:
        return None
    return free(p.city + wrong + p.door, p)


@kind
def missing_last_character_of_city(world: World, p: Place) -> Case | None:
    if not p.city or p.city == p.province or not p.city.endswith("市"):
        return None
    return free(p.province + p.city[:-1] + p.district + p.door, p)


@kind
def town_before_district(world: World, p: Place) -> Case | None:
    return (
        free(p.province + (p.city if p.city != p.province else "") + p.town + p.district + p.door, p)
        if p.town
        else None
    )


@kind
def town_without_kind(world: World, p: Place) -> Case | None:
    stem = p.town.removesuffix("街道").removesuffix("镇").removesuffix("乡")
    return free(p.chain + stem + p.door, p) if len(stem) >= 2 and stem != p.town else None


@kind
def zone_and_district(world: World, p: Place) -> Case | None:
    return free(p.chain + world.random.choice(("高新区", "经济开发区")) + p.door, p) if p.city else None


@kind
def old_city_name_with_new(world: World, p: Place) -> Case | None:
    """地区 for what is a 市 now."""
    if not p.city or p.city == p.province or not p.city.endswith("市"):
        return None
    return free(p.province + p.city[:-1] + "地区" + p.district + p.door, p)


@kind
def person_named_like_a_place(world: World, p: Place) -> Case:
    other = short_name(world.place().city or "海南省")
    return free(f"{p.chain}{p.town}{p.door} {other[:2]}女士收", p)


@kind
def road_of_another_province(world: World, p: Place) -> Case:
    other = world.place()
    return free(f"{p.chain}{short_name(other.province)}{short_name(other.district)}路{p.number}号", p)


@kind
def firm_of_another_city(world: World, p: Place) -> Case:
    other = world.place()
    return free(f"{p.chain}{p.door}{short_name(other.city or other.province)}银行", p)


@kind
def estate_named_like_a_district(world: World, p: Place) -> Case:
    other = world.place()
    return free(f"{p.chain}{p.road}{p.number}号{short_name(other.district)}花园{p.building or 3}栋", p)


@kind
def county_under_old_prefecture(world: World, p: Place) -> Case | None:
    if not p.city or p.city == p.province:
        return None
    return free(p.province + short_name(p.city) + p.district + p.town + p.door, p)


@kind
def municipality_short_with_county(world: World, p: Place) -> Case | None:
    return free(short_name(p.province) + p.district + p.town + p.door, p) if p.city == p.province else None


@kind
def nothing_but_a_village(world: World, p: Place) -> Case:
    return Case(
        "",
        {"address": f"{p.road[:2]}村{world.random.randint(1, 12)}组{world.random.randint(1, 90)}号"},
        None,
        p,
    )


@kind
def pickup_point(world: World, p: Place) -> Case:
    return free(f"{p.chain}{p.town}{p.road}{p.number}号菜鸟驿站(自提){world.phone()}", p)


def _look_alike(world: World, text: str) -> str | None:
    table = world.look_alikes
    places = [n for n in range(len(text) - 1) if text[n] in table]
    if not places:
        return None
    place = world.random.choice(places)
    return text[:place] + world.random.choice(table[text[place]]) + text[place + 1 :]
