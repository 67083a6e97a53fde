"""Roads and doors: equal doors have equal keys, different or doubtful ones never do, and masks hide what
they hide."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from identity.addresses import standardise

CHAIN = "浙江省杭州市余杭区五常街道"


def rows(*doors: str) -> list[dict[str, Any]]:
    return standardise(pl.DataFrame({"address": [CHAIN + door for door in doors]})).to_dicts()


@pytest.mark.parametrize(
    "doors",
    [
        (
            "阳光小区5-2-301", "阳光小区5栋2单元301室", "阳光小区５幢二单元301", "阳光小区5号楼2门301房",
            "阳光小区 5栋-2-301",
            "阳光小区5#楼2单元301号", "阳光小区五座2单元三零一室",
        ),
        ("荆长路887弄72号402室", "荆长路887弄72-402", "荆长路887弄72号楼402",
         "荆长路887弄72号402室，张伟 13812345678"),
        ("荆长路10号院3号楼二单元501", "荆长路10号3栋2单元501室", "荆长路10号3幢2-501"),
        ("荆长路18号华星大厦A座12楼1203", "荆长路18号华星大厦a座1203室", "荆长路18号 A栋 1203"),
        ("荆长路甲5号8栋1单元15B07", "荆长路甲5号8号楼1单元15b07室"),
    ],
)  # fmt: skip
def test_spellings_of_one_door_have_one_key(doors: tuple[str, ...]) -> None:
    found = rows(*doors)
    assert {row["visible_to"] for row in found} == {"room"}
    assert len({row["address_key"] for row in found}) == 1, [row["address_key"] for row in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阳光小区5栋2单元301", "阳光小区5栋2单元302"),
        ("阳光小区东区5栋301", "阳光小区西区5栋301"),
        ("荆长路10号东区5栋301", "荆长路10号西区5栋301"),
        ("荆长路10号一期5栋301", "荆长路10号二期5栋301"),
        ("荆长路10号5栋301", "荆长路甲10号5栋301"),
        ("荆长路2000弄奥林花园113号1102室", "荆长路2000弄奥林花园114号1102室"),
        ("星光小区5栋301", "阳光小区5栋301"),
    ],
)
def test_two_doors_have_two_keys(one: str, other: str) -> None:
    first, second = rows(one, other)
    assert first["address_key"] != second["address_key"]


@pytest.mark.parametrize(
    "door",
    [
        "荆长路74号大学2号公寓301室", "荆长路10号阳光小区301", "荆长路41号A栋408-410", "荆长路12号附3号301室",
        "荆长路10号之二301室", "荆长路12号3单元5楼2号", "阳光小区301室",
    ],
)  # fmt: skip
def test_a_door_that_may_be_several_is_no_room(door: str) -> None:
    assert rows(door)[0]["visible_to"] != "room"


@pytest.mark.parametrize(
    ("door", "visible"),
    [
        ("荆长路887号3栋2单元***", "unit"),
        ("荆长路887号3栋2单元50*", "unit"),
        ("荆长路887号3栋****", "building"),
        ("荆长路887号***", "number"),
        ("荆长路8**", "road"),
        ("****", "town"),
    ],
)
def test_a_mask_hides_what_it_hides(door: str, visible: str) -> None:
    assert rows(door)[0]["visible_to"] == visible


def test_the_parts_of_a_door() -> None:
    row = rows("荆长路478-1号华星广场A座三单元十二层1203室")[0]
    parts = {name: row[name] for name in ("town", "road", "road_no", "building", "unit", "floor", "room")}
    assert parts == {
        "town": "五常街道", "road": "荆长路", "road_no": "478-1", "building": "A", "unit": "3", "floor": "12",
        "room": "1203",
    }  # fmt: skip


def test_numerals_in_names_stay() -> None:
    row = rows("三里桥路5号")[0]
    assert (row["road"], row["road_no"]) == ("三里桥路", "5")


@pytest.mark.parametrize(
    ("door", "parts"),
    [
        ("石桥路永华街121号8幢401", {"road": "永华街", "road_no": "121", "building": "8", "room": "401"}),
        ("滨江区江南大道38号16楼1603", {"road": "江南大道", "road_no": "38", "floor": "16", "room": "1603"}),
        ("人民北路二段168号1栋", {"road": "人民北路二段", "road_no": "168", "building": "1"}),
        ("机场路1巷8号502房", {"road": "机场路1巷", "road_no": "8", "room": "502"}),
        ("6号大街452号2幢B3101", {"road": "6号大街", "road_no": "452", "building": "2", "room": "B3101"}),
        ("沙县小吃斜对面桥锦路22号", {"road": "桥锦路", "road_no": "22"}),
        ("朝阳村12组45号", {"road": None, "road_no": "45"}),
        ("幸福里2期8栋1单元1204", {"road": None, "building": "8", "unit": "1", "room": "1204"}),
        ("荆长路5号负一楼", {"road_no": "5", "floor": "-1"}),
        ("荆长路5号B座17-18楼", {"building": "B", "floor": "17-18"}),
        ("荆长路5号E5-11F", {"building": "E5", "floor": "11"}),
        ("荆长路5号1幢8楼801-803室", {"building": "1", "floor": "8", "room": "801-803"}),
        ("荆长路5号3号厂房2楼", {"building": "3", "floor": "2"}),
        ("荆长路5号16层1号", {"floor": "16", "room": "1"}),
        ("荆长路5号2楼2088铺", {"floor": "2", "room": "2088"}),
        ("3号门2楼", {"road_no": None, "floor": "2"}),
    ],
)  # fmt: skip
def test_an_irregular_door_is_read_by_its_words(door: str, parts: dict[str, str | None]) -> None:
    row = rows(door)[0]
    assert {name: row[name] for name in parts} == parts
