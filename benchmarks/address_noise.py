"""The kinds of noise of the address benchmark, one function each; the world they work on is
`address_world.py`."""

from __future__ import annotations

from benchmarks.address_world import KINDS, Case, Place, World, free, into
from identity.addresses.reference.names import short_name

_WIDE = {ord("0") + n: ord("０") + n for n in range(10)} | {ord("A") + n: ord("Ａ") + n for n in range(26)}
_RADICALS = str.maketrans("西长门马鱼鸟黄齐龙风飞青车贝见", "⻄⻓⻔⻢⻥⻦⻩⻬⻰⻛⻜⻘⻋⻉⻅")


kind = into(KINDS)


@kind
def clean(world: World, p: Place) -> Case:
    return free(p.chain + p.town + p.door, p)


@kind
def platform_columns(world: World, p: Place) -> Case:
    columns = {
        "province": p.province,
        "city": p.city,
        "district": p.district,
        "town": p.town,
        "address": p.door,
    }
    return Case("", columns, p.adcode, p)


@kind
def columns_repeated_in_address(world: World, p: Place) -> Case:
    columns = {
        "province": p.province,
        "city": p.city,
        "district": p.district,
        "address": p.chain + p.town + p.door,
    }
    return Case("", columns, p.adcode, p)


@kind
def masked_columns(world: World, p: Place) -> Case:
    return Case(
        "", {"province": "****", "city": "***", "district": "**", "address": p.chain + p.door}, p.adcode, p
    )


@kind
def no_town(world: World, p: Place) -> Case:
    return free(p.chain + p.door, p)


@kind
def no_province(world: World, p: Place) -> Case | None:
    return free(p.city + p.district + p.door, p) if p.city and p.city != p.province else None


@kind
def no_city(world: World, p: Place) -> Case | None:
    same = [c for c in world.same_name[p.district] if c[:2] == p.adcode[:2]]
    return free(p.province + p.district + p.door, p) if len(same) == 1 else None


@kind
def district_only(world: World, p: Place) -> Case | None:
    return free(p.district + p.door, p) if len(world.same_name[p.district]) == 1 else None


@kind
def ambiguous_district(world: World, p: Place) -> Case | None:
    same = world.same_name[p.district]
    if len(same) == 1 or len(p.district) < 3:
        return None
    return Case("", {"address": p.district + p.door}, None, p, frozenset(same))


@kind
def ambiguous_district_with_town(world: World, p: Place) -> Case | None:
    holders = [c for c in world.same_name[p.district] if any(n == p.town for _, n in world.towns.get(c, []))]
    usable = len(world.same_name[p.district]) > 1 and len(p.district) > 2 and len(holders) == 1
    return free(p.district + p.town + p.door, p) if usable else None


@kind
def without_suffixes(world: World, p: Place) -> Case | None:
    if not p.city or len(short_name(p.district)) < 2:
        return None
    city = "" if p.city == p.province else short_name(p.city)
    return free(short_name(p.province) + city + short_name(p.district) + p.door, p)


@kind
def short_city_and_district(world: World, p: Place) -> Case | None:
    return free(short_name(p.city) + p.district + p.door, p) if p.city else None


@kind
def repeated_city(world: World, p: Place) -> Case | None:
    return (
        free(p.province + p.city + short_name(p.city) + p.city + p.district + p.door, p) if p.city else None
    )


@kind
def municipality_twice(world: World, p: Place) -> Case | None:
    if p.city != p.province:
        return None
    return free(p.province + p.province + "市辖区" + p.district + p.door, p)


@kind
def county_city_without_prefecture(world: World, p: Place) -> Case | None:
    return free(p.province + p.district + p.town + p.door, p) if p.district.endswith("市") else None


@kind
def legacy(world: World, p: Place) -> Case | None:
    row = world.random.choice(world.legacy)
    if (
        row["old_code"][4:] == "00"
        or row["adcode"][4:] == "00"
        or row["old_name"] in ("城区", "郊区", "矿区")
    ):
        return None
    rows = [r for r in world.legacy if r["old_name"] == row["old_name"] and r["old_code"] == row["old_code"]]
    place = world.place(row["adcode"])
    if len(rows) > 1 or world.names.get(row["old_code"]) == row["old_name"]:
        return None
    city = "" if place.city == place.province else place.city
    return free(place.province + city + row["old_name"] + place.door, place)


@kind
def only_town(world: World, p: Place) -> Case | None:
    holders = [1 for towns in world.towns.values() for _, name in towns if name == p.town]
    return free(p.town + p.door, p) if p.town and len(holders) == 1 else None


@kind
def city_and_town(world: World, p: Place) -> Case | None:
    city = p.adcode[:4]
    holders = [c for c, towns in world.towns.items() if c[:4] == city for _, name in towns if name == p.town]
    return free(p.province + p.city + p.town + p.door, p) if p.town and p.city and len(holders) == 1 else None


@kind
def street_office(world: World, p: Place) -> Case:
    return free(p.chain + p.town.replace("街道", "街道办事处") + p.door, p)


@kind
def full_width(world: World, p: Place) -> Case:
    return free((p.chain + p.town + p.door).translate(_WIDE), p)


@kind
def spaces(world: World, p: Place) -> Case:
    text = p.chain + p.town + p.door
    gapped = "".join(c + (" " if not c.isdigit() and world.random.random() < 0.3 else "") for c in text)
    return free(gapped, p)


@kind
def separators(world: World, p: Place) -> Case:
    return free(world.random.choice("-/，、 ").join([p.province, p.city, p.district, p.town, p.door]), p)


@kind
def traditional(world: World, p: Place) -> Case:
    return free("".join(world.traditional.get(c, c) for c in p.chain + p.town + p.door), p)


@kind
def radicals(world: World, p: Place) -> Case | None:
    text = p.chain.translate(_RADICALS)
    return free(text + p.door, p) if text != p.chain else None


@kind
def person_in_front(world: World, p: Place) -> Case:
    return free(
        f"{world.person()} {world.phone()} {p.chain}{p.town}{p.door}",
        p,
    )


@kind
def person_behind(world: World, p: Place) -> Case:
    return free(
        f"{p.chain}{p.town}{p.door}，{world.person()}，{world.phone()}",
        p,
    )


@kind
def person_between(world: World, p: Place) -> Case:
    return free(f"{p.chain} {world.person()} 13912345678 {p.town}{p.door}", p)


@kind
def labelled(world: World, p: Place) -> Case:
    return free(f"收货人：{world.person()}，手机：13912345678，收货地址：{p.chain}{p.town}{p.door}", p)


@kind
def latin(world: World, p: Place) -> Case:
    return free(
        f"{p.province}Zhong Guo{p.city if p.city != p.province else ''}CITY{p.district}ABC{p.door}", p
    )


@kind
def development_zone(world: World, p: Place) -> Case | None:
    if not p.city or p.city == p.province:
        return None
    zone = world.random.choice(["高新区", "经开区", "经济技术开发区"])
    return free(p.province + p.city + zone + p.door, p, adcode=p.adcode[:4] + "00")


@kind
def road_like_a_district(world: World, p: Place) -> Case | None:
    other = short_name(world.names[world.random.choice(world.districts)])
    return free(f"{p.chain}{other}路{p.number}号", p) if len(other) == 2 else None


@kind
def road_like_a_city(world: World, p: Place) -> Case:
    other = short_name(world.place().province)
    return free(f"{p.chain}{other}{world.random.choice(['东路', '西路', '路', '大道', '街'])}{p.number}号", p)


@kind
def two_chains(world: World, p: Place) -> Case:
    other = world.place()
    return free(f"{other.chain}{p.chain}{p.town}{p.door}", p)


@kind
def two_chains_apart(world: World, p: Place) -> Case:
    other = world.place()
    return free(f"{other.chain}{other.town}{other.road}{other.number}号 {p.chain}{p.town}{p.door}", p)


@kind
def column_conflict(world: World, p: Place) -> Case:
    other = world.place()
    columns = {"province": other.province, "city": other.city, "district": other.district}
    return Case("", columns | {"address": p.chain + p.town + p.door}, p.adcode, p)


@kind
def typo_in_district(world: World, p: Place) -> Case | None:
    wrong = world.other_sound(p.district)
    if wrong is None or len(p.district) < 3 or wrong in world.same_name or not p.city:
        return None
    return free(p.chain.removesuffix(p.district) + wrong + p.door, p)


@kind
def typo_in_city(world: World, p: Place) -> Case | None:
    wrong = world.other_sound(p.city) if p.city and p.city != p.province else None
    return free(p.province + wrong + p.district + p.door, p) if wrong else None


@kind
def typo_in_province(world: World, p: Place) -> Case | None:
    wrong = world.other_sound(p.province)
    return (
        free(wrong + p.city + p.district + p.door, p) if wrong and p.city and p.city != p.province else None
    )


@kind
def in_china(world: World, p: Place) -> Case:
    return free("中国" + p.chain + p.town + p.door, p)


@kind
def brackets(world: World, p: Place) -> Case:
    return free(f"[{p.province}]【{p.city}】({p.district}){p.door}", p)


@kind
def door_only(world: World, p: Place) -> Case:
    return Case("", {"address": p.door}, None, p)
