"""A simulated set of true addresses, and the ways in which they are written wrong: the input of
`addresses.py`.

Divisions are drawn from the committed reference; road and compound names are put together from
syllables, so no real address is among them. A kind of noise takes the true parts and gives the columns
of an export.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from pypinyin import lazy_pinyin

from identity.addresses import seeds

_SYLLABLES = "明德文华光秀和安康宁瑞祥云锦春秋岭泉松竹梅兰石桥塔湾洋林庆昌盛隆福禄学府科创星海滨江湖山"
_ROADS = ("路", "路", "路", "街", "大道", "巷", "东路", "西路", "南街", "大街", "中路")
_COMPOUNDS = ("小区", "花园", "家园", "苑", "公寓", "广场", "大厦", "名城")
PEOPLE = ("张伟", "王芳芳", "李小明", "欧阳静", "陈海南", "赵江")


@dataclass(frozen=True)
class Place:
    """One true address and the division names along it."""

    province: str
    city: str
    district: str
    town: str
    adcode: str
    town_code: str
    road: str
    number: str
    compound: str
    building: str
    unit: str
    floor: str
    room: str

    @property
    def door(self) -> str:
        parts = [self.road, f"{self.number}号" if self.number else "", self.compound]
        parts += [f"{self.building}号楼" if self.building else "", f"{self.unit}单元" if self.unit else ""]
        parts += [f"{self.floor}层" if self.floor else "", f"{self.room}室" if self.room else ""]
        return "".join(parts)

    @property
    def chain(self) -> str:
        return self.province + ("" if self.city == self.province else self.city) + self.district


@dataclass(frozen=True)
class Case:
    """What an export shows, and what is true. `adcode` None: the district must stay null."""

    kind: str
    columns: dict[str, str]
    adcode: str | None
    place: Place
    candidates: frozenset[str] = frozenset()


class World:
    """Draws places and cases from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        source = seeds.load()
        self.names = dict(zip(source.region["adcode"], source.region["name"], strict=True))
        self.parents = dict(zip(source.region["adcode"], source.region["parent"].fill_null(""), strict=True))
        self.districts = source.region.filter(source.region["level"] == "district")["adcode"].to_list()
        self.towns: dict[str, list[tuple[str, str]]] = {}
        for code, name, adcode, _ in source.township.iter_rows():
            self.towns.setdefault(adcode, []).append((code, name))
        self.legacy = [row for row in source.legacy.iter_rows(named=True) if row["valid_to"] >= "2000-01"]
        self.same_name: dict[str, list[str]] = {}
        for code in self.districts:
            self.same_name.setdefault(self.names[code], []).append(code)
        self.traditional = {new: old for old, new in source.character.iter_rows()}
        self.look_alikes: dict[str, list[str]] = {}
        for wrong, right in source.similar.iter_rows():
            self.look_alikes.setdefault(right, []).append(wrong)
        self.sounds: dict[str, list[str]] = {}
        for character in sorted(set("".join(self.names.values()))):
            self.sounds.setdefault(lazy_pinyin(character)[0], []).append(character)

    def place(self, adcode: str | None = None) -> Place:
        draw = self.random
        code = adcode or draw.choice(self.districts)
        parent = self.parents[code]
        city = self.names[parent] if parent[2:] != "0000" else ""
        province = self.names[code[:2] + "0000"]
        if not city and province[-1] == "市":
            city = province
        town_code, town = draw.choice(self.towns.get(code, [("", "")]))
        name = "".join(draw.sample(_SYLLABLES, 2))
        compound = (
            "".join(draw.sample(_SYLLABLES, 2)) + draw.choice(_COMPOUNDS) if draw.random() < 0.6 else ""
        )
        building = str(draw.randint(1, 40)) if draw.random() < 0.7 else ""
        floor = draw.randint(1, 30)
        return Place(
            province, city, self.names[code], town, code, town_code, name + draw.choice(_ROADS),
            str(draw.randint(1, 2500)), compound, building,
            str(draw.randint(1, 6)) if building and draw.random() < 0.6 else "",
            str(floor) if draw.random() < 0.3 else "", f"{floor}{draw.randint(1, 12):02d}",
        )  # fmt: skip

    def person(self) -> str:
        return self.random.choice(PEOPLE)

    def phone(self) -> str:
        return f"138{self.random.randint(0, 99999999):08d}"

    def other_sound(self, text: str, first: int = 0) -> str | None:
        """The text with one character before its last replaced by another of the same sound."""
        places = list(range(first, len(text) - 1))
        self.random.shuffle(places)
        for place in places:
            choice = [c for c in self.sounds[lazy_pinyin(text[place])[0]] if c != text[place]]
            if choice:
                return text[:place] + self.random.choice(choice) + text[place + 1 :]
        return None

    def spelled(self, text: str) -> str:
        """The text in pinyin, a word a character."""
        return " ".join(lazy_pinyin(text))

    def cases(self, each: int, kinds: dict[str, Kind] | None = None) -> list[Case]:
        """`each` cases of every kind, by default of those of `address_noise.py`."""
        made = []
        for kind, write in (kinds or KINDS).items():
            count = 0
            while count < each:
                case = write(self, self.place())
                if case is not None:
                    made.append(replace(case, kind=kind))
                    count += 1
        return made


def free(text: str, place: Place, adcode: str | None = None) -> Case:
    return Case("", {"address": text}, adcode or place.adcode, place)


Kind = Callable[[World, Place], Case | None]
KINDS: dict[str, Kind] = {}


def into(kinds: dict[str, Kind]) -> Callable[[Kind], Kind]:
    """Adds the function below to the kinds, under its own name."""

    def add(write: Kind) -> Kind:
        kinds[write.__name__] = write
        return write

    return add
