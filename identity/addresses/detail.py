"""Road, number, building, unit, floor and room out of what stands after the divisions.

Every way of writing a door is first rewritten to one (5-2-301, 5号楼2门301房 → 5栋2单元301室), then read.
Text comes folded from `fold.py`; what of it makes the key belongs in `key.py`.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

_DIGITS = "零一二三四五六七八九"
_COUNTED = (
    "号楼",
    "号院",
    "号",
    "栋",
    "幢",
    "座",
    "单元",
    "室",
    "房",
    "层",
    "楼",
    "弄",
    "期",
    "区",
    "组团",
    "门",
    "户",
)
"""Words after which a Chinese numeral is a number (三单元), not a part of a name (三里屯)."""

_ROAD = (
    r"^([\p{Han}0-9A-Z]{1,12}?(?:大道|大街|大路|公路|国道|省道|县道|胡同|环线|路|街|巷)"
    r"(?:[东西南北中]段|[东西南北]侧)?)"
)
_LESSER_ROAD = r"^(\p{Han}{1,7}(?:道|里|弄))[0-9]"
_BEFORE_ROAD = (
    r"^.*(?:工业园区?|科技园|产业园?区|园区|校区|社区|小区|开发区|街道|村委会|高新区|广场|商圈|大厦|花园|[0-9]期)"
    r"([^路街道巷大东西南北中0-9A-Z]\p{Han}*(?:大道|大街|公路|胡同|路|街|巷|道[0-9]).*)$"
)
_UNKNOWN_TOWN = r"^\p{Han}{2,6}?(?:街道(?:办事处)?|镇|乡)([^路街巷大道桥].*)$"
_LEAD = r"[甲乙丙丁]?[0-9]{1,5}(?:-[0-9]{1,3})?[甲乙丙丁A-Z]?"
_NUMBER_WORD = "(?:号大院|号院|号|弄|巷|#院)"
_NUMBERS = (rf"^({_LEAD}){_NUMBER_WORD}", r"^([0-9]{1,5})(?:\p{Han}|$)")
_NO_NUMBER = r"^[0-9A-Z]{1,4}(?:号楼|号栋|#楼|栋|幢|座|楼[0-9]|单元|期|区|层|楼|室|房|组团)"
_VILLAGE_NUMBER = r"^(\p{Han}[^0-9]*?)([0-9]{1,4})号(?:[^楼栋幢]|$)"
"""A number that no road stands before: 大阳村12号."""

_BLOCK = r"([0-9]{1,3}[A-Z]?|[A-Z][0-9]{0,2})"
_ROOM_WORD = "(?:号房|房间|室|房|户|号)?"
_REWRITES = (
    (r"第([0-9])", "$1"),
    (r"([0-9])F", "${1}层"),
    (r"([0-9A-Z])(?:号楼|#楼|号栋|楼栋|号幢|幢|座|塔楼?|#)", "${1}栋"),
    (r"([0-9A-Z])楼([0-9]{1,2})(?:单元|门)", "${1}栋${2}单元"),
    (r"栋-?([0-9A-Z]{1,2})门", "栋${1}单元"),
    (r"([0-9]{3,5})单元", "${1}室"),
    (
        rf"(^|[^0-9A-Z-]){_BLOCK}-([0-9]{{1,2}})-([0-9]{{1,2}})-([0-9]{{2,5}}){_ROOM_WORD}",
        "${1}${2}栋${3}单元${4}层${5}室",
    ),
    (rf"(^|[^0-9A-Z-]){_BLOCK}-([0-9]{{1,2}})-([0-9]{{2,5}}[A-Z]?){_ROOM_WORD}", "${1}${2}栋${3}单元${4}室"),
    (rf"栋-?([0-9]{{1,2}})-([0-9]{{3,5}}){_ROOM_WORD}", "栋${1}单元${2}室"),
    (rf"(^|[^0-9A-Z-]){_BLOCK}-([0-9]{{3,5}}[A-Z]?){_ROOM_WORD}", "${1}${2}栋${3}室"),
    (
        rf"(栋|单元|层|楼)[- ]?([A-Z]?[0-9]{{3,5}}[A-Z]?|[0-9]{{1,2}}[A-Z][0-9]{{0,2}}){_ROOM_WORD}",
        "${1}${2}室",
    ),
    (r"([0-9])(?:号房|房间|房|户)", "${1}室"),
    (r"(\p{Han})([0-9]{3,4})$", "${1}${2}室"),
    (r"^([0-9]{3,5})$", "${1}室"),
)
_LANE_HOUSE = r"(^|\p{Han})([0-9]{1,4})号楼?"
"""Behind a lane (弄) a number is a house."""

_ZONE = r"(?:[东西南北中]|[A-Z]|[0-9]{1,2})(?:区|期|组团)"
_FIELDS = {
    "building": r"([0-9A-Z]{1,5})栋",
    "unit": r"([0-9A-Z]{1,2})单元",
    "floor": r"(-?[0-9B]{1,3})(?:层|楼|F)",
    "room": r"([0-9A-Z]{2,6}(?:-[0-9]{1,3})?)室",
}


@lru_cache(maxsize=1)
def _numerals() -> tuple[list[str], list[str]]:
    """Chinese numeral with its word → digits with the word, the longest first, for 1 to 99 and 100 to 999
    as read digit by digit before 室 and 房 (三零二室)."""
    spelled = {n: _below_hundred(n) for n in range(1, 100)}
    pairs = [(f"{text}{word}", f"{n}{word}") for n, text in spelled.items() for word in _COUNTED]
    digitwise = [
        ("".join(_DIGITS[int(d)] for d in str(n)) + word, f"{n}{word}")
        for n in range(100, 1000)
        for word in "室房"
    ]
    ordered = sorted(pairs + digitwise, key=lambda pair: (-len(pair[0]), pair[0]))
    return [old for old, _ in ordered], [new for _, new in ordered]


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def details(rest: pl.Series) -> pl.DataFrame:
    """Columns road, road_no, building, unit, floor, room, community, zone, detail, whole for each text.

    Values are null where the text does not say them. `community` is what stands between the number and the
    building (a compound, a building's name); `zone` the part of a compound (东区, 2期). What stands behind a
    mask (`*`) is not read, nor the number or name that the mask cuts. `whole`: every number in the text was
    understood and nothing is masked, so that the door is the only one of its parts.
    """
    seen = _road(_unmasked(rest))
    lane = pl.col("after").str.contains(r"^[0-9]+(?:弄|巷)") & pl.col("road_no").is_not_null()
    door = (
        pl.when(lane)
        .then(pl.col("detail").str.replace(_LANE_HOUSE, "${1}${2}栋"))
        .otherwise(pl.col("detail"))
    )
    for pattern, replacement in _REWRITES:
        door = door.str.replace_all(pattern, replacement)
    number = pl.when(lane).then(pl.col("road_no") + "弄").otherwise(pl.col("road_no"))
    seen = seen.with_columns(door.alias("door"), number.alias("road_no"))
    named = r"^(\p{Han}.*?)(?:[0-9A-Z]{1,5}(?:栋|单元|层|楼|室)|$)"
    seen = seen.with_columns(
        *(pl.col("door").str.extract(pattern, 1).alias(name) for name, pattern in _FIELDS.items()),
        pl.coalesce("village", pl.col("door").str.extract(named, 1)).alias("community"),
        pl.col("door").str.extract(f"({_ZONE})", 1).alias("zone"),
    )
    # Without a numbered road the compound's name is a part of the key, with the numbers in it.
    unnamed = pl.col("road").is_null() | pl.col("road_no").is_null()
    named_away = r"^\p{Han}[^栋单层楼室]*?([0-9A-Z]{1,5}(?:栋|单元|层|楼|室))"
    door_left = pl.col("door").str
    left: pl.Expr = (
        pl.when(unnamed).then(door_left.replace(named_away, "$1")).otherwise(door_left.replace(_ZONE, ""))
    )
    for pattern in _FIELDS.values():
        left = left.str.replace(pattern, "")
    whole = ~pl.col("masked") & ~left.str.contains("[0-9A-Z]|之|附")
    names = ("road", "road_no", *_FIELDS, "community", "zone", "detail")
    return (
        seen.with_columns(whole.alias("whole"))
        .with_columns(
            pl.when(pl.col(name).str.len_chars() > 0).then(pl.col(name)).alias(name) for name in names
        )
        .select(*names, "whole")
        .collect()
    )


def _unmasked(rest: pl.Series) -> pl.LazyFrame:
    """rest up to its first mask, its numerals as digits, without a town that the reference does not have."""
    text = pl.col("rest")
    masked = text.str.contains("*", literal=True)
    cut = text.str.extract(r"^([^*]*)", 1).str.replace(r"[0-9A-Z-]+$", "")
    old, new = _numerals()
    return (
        rest.to_frame("rest").lazy().with_columns(masked.alias("masked"))
        .with_columns(pl.when("masked").then(cut).otherwise(text).str.replace_many(old, new, leftmost=True))
        .with_columns(pl.coalesce(text.str.extract(_UNKNOWN_TOWN, 1), text).alias("rest"))
        .with_columns(pl.coalesce(text.str.extract(_BEFORE_ROAD, 1), text).alias("rest"))
    )  # fmt: skip


def _road(seen: pl.LazyFrame) -> pl.LazyFrame:
    """Adds road, road_no, village (the name before a number without a road), after (the road), detail (the
    number)."""
    text, after = pl.col("rest"), pl.col("after")
    road = pl.coalesce(text.str.extract(_ROAD, 1), text.str.extract(_LESSER_ROAD, 1))
    seen = seen.with_columns(road.alias("road"))
    seen = seen.with_columns(text.str.slice(pl.col("road").str.len_chars().fill_null(0)).alias("after"))
    numbered = ~after.str.contains(_NO_NUMBER)
    number = pl.when(numbered).then(pl.coalesce(*(after.str.extract(pattern, 1) for pattern in _NUMBERS)))
    homeless = pl.col("road").is_null() & number.is_null()
    village = pl.when(homeless).then(after.str.extract(_VILLAGE_NUMBER, 1))
    plain = (
        pl.when(number.is_not_null())
        .then(after.str.replace(rf"^{_LEAD}{_NUMBER_WORD}?", ""))
        .otherwise(after)
    )
    detail = (
        pl.when(village.is_not_null())
        .then(after.str.replace(r"^\p{Han}[^0-9]*?[0-9]{1,4}号", ""))
        .otherwise(plain)
    )
    found = pl.when(homeless).then(after.str.extract(_VILLAGE_NUMBER, 2)).otherwise(number)
    return seen.with_columns(found.alias("road_no"), village.alias("village"), detail.alias("detail"))
