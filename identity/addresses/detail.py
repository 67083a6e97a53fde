"""Road, number, building, unit, floor and room out of what stands after the divisions.

Roads are read in `roads.py`, doors rewritten to one form in `doors.py`; what of it makes the key belongs in
`key.py`.
"""

from __future__ import annotations

import polars as pl

from identity.addresses import doors, gated, roads

_LANE_HOUSE = r"(^|\p{Han})([0-9]{1,4})号楼?"
"""Behind a lane (弄) a number is a house."""
_ZONE = r"(?:[东西南北中]|[A-Z]|[0-9]{1,2})(?:区|期|组团)"
_FIELDS = {
    "building": ("栋", r"([0-9A-Z]{1,5})栋"),
    "unit": ("单元", r"([0-9A-Z]{1,2})单元"),
    "floor": ("层", r"((?:B|[0-9]{1,3}-)?[0-9]{1,3}|-[0-9])(?:层|楼|F)"),
    "room": ("室", r"([0-9A-Z]{1,6}(?:-[0-9]{1,5})?)室"),
}
_COMMUNITY = r"^(\p{Han}.*?)(?:[0-9A-Z]{1,5}(?:栋|单元|层|楼|室)|$)"
_NAMED_AWAY = r"^\p{Han}[^栋单层楼室]*?([0-9A-Z]{1,5}(?:栋|单元|层|楼|室))"


def details(rest: pl.Series) -> pl.DataFrame:
    """Columns road, road_no, building, unit, floor, room, community, zone, detail, whole for each text.

    Values are null where the text does not say them. `community` is what stands between the number and the
    building (a compound, a building's name); `zone` the part of a compound (东区, 2期). What stands behind a
    mask (`*`) is not read, nor the number or name that the mask cuts. `whole`: every number in the text was
    understood and nothing is masked, so that the door is the only one of its parts.
    """
    masked = rest.str.contains("*", literal=True)
    found = roads.read(doors.digits(gated.change(rest, masked, _cut)))
    lane = (
        gated.having(found.after, ("弄",))
        & found.after.str.contains(r"^[0-9]+弄")
        & found.number.is_not_null()
    )
    door = gated.change(found.left, lane, lambda few: few.str.replace(_LANE_HOUSE, "${1}${2}栋"))
    door = doors.rewritten(door)
    number = found.number.zip_with(~lane, found.number + "弄")
    fields = {
        name: gated.extract(door, gated.having(door, (word, "楼") if name == "floor" else (word,)), pattern)
        for name, (word, pattern) in _FIELDS.items()
    }
    zoned = gated.having(door, ("区", "期", "组团"))
    zone = gated.extract(door, zoned, f"({_ZONE})")
    community = door.str.extract(_COMMUNITY, 1)
    columns = {"road": found.road, "road_no": number, **fields, "zone": zone, "detail": found.left}
    columns["community"] = found.village.zip_with(found.village.is_not_null(), community)
    # Without a numbered road the compound's name is a part of the key, with the numbers in it.
    unnamed = found.road.is_null() | number.is_null()
    left = gated.change(door, unnamed, lambda few: few.str.replace(_NAMED_AWAY, "$1"))
    left = gated.change(left, zoned & ~unnamed, lambda few: few.str.replace(_ZONE, ""))
    for name, (_, pattern) in _FIELDS.items():
        left = gated.change(left, fields[name].is_not_null(), gated.replacing(pattern, "", once=True))
    # A room of one or two digits is one of its floor, several rooms are not one.
    vague = fields["room"].str.contains("^[0-9]{1,2}$|-[0-9]{3}").fill_null(False)
    whole = ~masked & ~vague & ~left.str.contains("[0-9A-Z]|之|附")
    return (
        pl.DataFrame(columns)
        .with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in columns)
        .with_columns(whole.alias("whole"))
    )


def _cut(masked: pl.Series) -> pl.Series:
    """The texts up to their first mask, without the number that it cuts."""
    return masked.str.extract(r"^([^*]*)", 1).str.replace(r"[0-9A-Z-]+$", "")
