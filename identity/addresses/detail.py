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

_ROAD = r"^([\p{Han}0-9A-Z]{1,12}?(?:大道|大街|公路|国道|省道|县道|胡同|环线|路|街|巷)(?:[东西南北中]段|[东西南北]侧)?)"
_LESSER_ROAD = r"^(\p{Han}{1,7}(?:道|里|弄))[0-9]"
_BEFORE_ROAD = r"^.*(?:工业园区?|科技园|园区|社区|开发区|街道|村委会|高新区)(\p{Han}{1,}(?:大道|大街|公路|胡同|路|街|巷).*)$"
_UNKNOWN_TOWN = r"^\p{Han}{2,6}?(?:街道(?:办事处)?|镇|乡)([^路街巷大道桥].*)$"
_NUMBER = (
    r"^(?:[甲乙丙丁])?([0-9]{1,5}(?:-[0-9]{1,3})?[甲乙丙丁A-Z]?)(?:号大院|号院|号|弄|巷|#院)",
    r"^([0-9]{1,5})(?:\p{Han}|$)",
)
_NO_NUMBER = r"^[0-9A-Z]{1,4}(?:号楼|号栋|#楼|栋|幢|座|楼[0-9]|单元|期|区|层|楼|室|房|组团)"
_REWRITES = (
    (r"第([0-9])", "$1"),
    (r"([0-9A-Z])(?:号楼|#楼|号栋|楼栋|号幢|幢|座|塔楼?|#)", "${1}栋"),
    (r"([0-9A-Z])楼([0-9]{1,2})(单元|门)", "${1}栋${2}单元"),
    (r"(栋)-?([0-9A-Z]{1,2})门", "${1}${2}单元"),
    (
        r"(^|[^0-9A-Z-])([0-9]{1,3}[A-Z]?|[A-Z][0-9]{0,2})-([0-9]{1,2})-([0-9]{1,2})-([0-9]{2,5})(?:室|房|户|号|$)",
        "${1}${2}栋${3}单元${4}层${5}室",
    ),
    (
        r"(^|[^0-9A-Z-])([0-9]{1,3}[A-Z]?|[A-Z][0-9]{0,2})-([0-9]{1,2})-([0-9]{2,5}[A-Z]?)(?:室|房|户|号|$|\b)",
        "${1}${2}栋${3}单元${4}室",
    ),
    (r"(栋)-?([0-9]{1,2})-([0-9]{3,5})(?:室|房|户|号|$|\b)", "${1}${2}单元${3}室"),
    (
        r"(^|[^0-9A-Z-])([0-9]{1,3}[A-Z]?|[A-Z][0-9]{0,2})-([0-9]{3,5}[A-Z]?)(?:室|房|户|号|$|\b)",
        "${1}${2}栋${3}室",
    ),
    (r"(栋|单元|层|楼)[- ]?([A-Z]?[0-9]{3,5}[A-Z]?)(?:室|房|户|号房|号|$|\b)", "${1}${2}室"),
    (r"([0-9])(?:号房|房间|房|户)", "${1}室"),
    (r"(\p{Han})([0-9]{3,4})$", "${1}${2}室"),
    (r"^([0-9]{3,5})$", "${1}室"),
)
_LANE = r"^([0-9]{1,4})号?(?:[^楼栋幢座室院]|$)"


@lru_cache(maxsize=1)
def _numerals() -> tuple[list[str], list[str]]:
    """Chinese numeral with its word → digits with the word, the longest first, for 1 to 99 and 100 to 999 as read digit
    by digit before 室 and 房 (三零二室)."""
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
    """Columns road, road_no, building, unit, floor, room, community, zone, detail, masked for each text.

    Values are null where the text does not say them. `community` is what stands between the number and the
    building (a compound, a building's name); `zone` the part of a compound (东区, 2期). What stands behind a
    mask (`*`) is not read, nor the number or name that the mask cuts.
    """
    old, new = _numerals()
    text = pl.col("rest")
    seen = rest.to_frame("rest").lazy().with_columns(text.str.contains("*", literal=True).alias("masked"))
    cut = text.str.extract(r"^([^*]*)", 1).str.replace(r"[0-9A-Z-]+$", "")
    seen = seen.with_columns(pl.when("masked").then(cut).otherwise(text).alias("rest"))
    seen = seen.with_columns(text.str.replace_many(old, new, leftmost=True))
    seen = seen.with_columns(pl.coalesce(text.str.extract(_UNKNOWN_TOWN, 1), text).alias("rest"))
    seen = seen.with_columns(pl.coalesce(text.str.extract(_BEFORE_ROAD, 1), text).alias("rest"))
    road = pl.coalesce(text.str.extract(_ROAD, 1), text.str.extract(_LESSER_ROAD, 1))
    seen = seen.with_columns(road.alias("road"))
    after = text.str.slice(pl.col("road").str.len_chars().fill_null(0))
    seen = seen.with_columns(after.alias("after"))
    number = pl.when(~pl.col("after").str.contains(_NO_NUMBER)).then(
        pl.coalesce(*(pl.col("after").str.extract(pattern, 1) for pattern in _NUMBER))
    )
    seen = seen.with_columns(number.alias("road_no"))
    lead = r"^[甲乙丙丁]?[0-9]{1,5}(?:-[0-9]{1,3})?[甲乙丙丁A-Z]?(?:号大院|号院|号|弄|巷|#院)?"
    seen = seen.with_columns(
        pl.when(pl.col("road_no").is_not_null())
        .then(pl.col("after").str.replace(lead, ""))
        .otherwise(pl.col("after"))
        .alias("detail"),
        pl.col("after").str.contains(r"^[0-9]+(?:弄|巷)").alias("is_lane"),
    )
    lane = pl.col("is_lane") & pl.col("road_no").is_not_null()
    door = (
        pl.when(lane)
        .then(pl.col("detail").str.replace(r"^([0-9]{1,4})号", "${1}栋"))
        .otherwise(pl.col("detail"))
    )
    for pattern, replacement in _REWRITES:
        door = door.str.replace_all(pattern, replacement)
    seen = seen.with_columns(
        door.alias("door"),
        pl.when(lane).then(pl.col("road_no") + "弄").otherwise(pl.col("road_no")).alias("road_no"),
    )
    door_of = pl.col("door")
    return (
        seen.with_columns(
            door_of.str.extract(r"([0-9A-Z]{1,5})栋", 1).alias("building"),
            door_of.str.extract(r"([0-9A-Z]{1,3})单元", 1).alias("unit"),
            door_of.str.extract(r"(-?[0-9B]{1,3})(?:层|楼|F)", 1).alias("floor"),
            door_of.str.extract(r"([0-9A-Z]{2,6})室", 1).alias("room"),
            door_of.str.extract(r"^(\p{Han}.*?)(?:[0-9A-Z]{1,5}(?:栋|单元|层|楼|室)|$)", 1).alias(
                "community"
            ),
            door_of.str.extract(r"([东西南北中]|[A-Z]|[0-9]{1,2})(?:区|期|组团)", 0).alias("zone"),
        )
        .with_columns(
            pl.when(pl.col(name).str.len_chars() > 0).then(pl.col(name)).alias(name)
            for name in (
                "road",
                "road_no",
                "building",
                "unit",
                "floor",
                "room",
                "community",
                "zone",
                "detail",
            )
        )
        .select(
            "road", "road_no", "building", "unit", "floor", "room", "community", "zone", "detail", "masked"
        )
        .collect()
    )
