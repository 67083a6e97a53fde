"""The road and its number at the head of what stands behind the divisions, or the village's.

Text comes folded from `fold.py`, with digits for numerals; the rest of the door belongs in `detail.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from identity.addresses import gated

_ROAD = (
    r"^([\p{Han}0-9A-Z]{1,12}?(?:大道|大街|大路|公路|国道|省道|县道|胡同|环线|路|街|巷)"
    r"(?:[东西南北中一二三四五六]段|[东西南北]侧|(?:[0-9]{1,3}|[一二三四五六七八九十]{1,2})巷)?)"
)
_LESSER_ROAD = r"^(\p{Han}{1,7}(?:道|里|弄))[0-9]+(?:-[0-9]+)?(?:号(?:[^楼栋幢]|$)|弄|$)"
_NUMBERED_ROAD = (
    r"^(?:\p{Han}{2,10}(?:开发区|工业区|高新区|园区|新区|街道))?([0-9]{1,2}号(?:大街|路|街))(.*)$"
)
"""A road that has a number for a name (6号大街)."""
_SECOND_ROAD = (
    r"^\p{Han}{2,8}(?:路|街|大道|公路)"
    r"(\p{Han}{2,8}(?:路|街|大道|巷)(?:[东西南北中一二三四五六]段)?[0-9]{1,5}(?:-[0-9]{1,3})?号.*)$"
)
"""Of two roads the one with the number."""
_STRANGE_DISTRICT = r"^\p{Han}{2,4}[区县市](\p{Han}{2,10}(?:路|街|大道|巷)(?:[东西南北中]段)?[0-9]{1,5}.*)$"
"""A district before the road that the chain does not know or has already."""
_NO_ROAD = r"^\p{Han}{1,6}(?:路|街|道)(?:村|社区|新村|小区|花园|家园)"
"""A place that is named by a road."""
_BEFORE_ROAD = (
    r"^.*(?:工业园区?|科技园|产业园?区|园区|校区|社区|小区|开发区|街道|村委会|高新区|广场|商圈|大厦|花园|[0-9]期|对面|旁边?|附近|门口|隔壁)"
    r"([^路街道巷大东西南北中0-9A-Z]\p{Han}*(?:大道|大街|公路|胡同|路|街|巷|道[0-9]).*)$"
)
_UNKNOWN_TOWN = r"^\p{Han}{2,6}?(?:街道(?:办事处)?|镇|乡)([^路街巷大道桥].*)$"
_LEAD = r"[甲乙丙丁]?[0-9]{1,5}(?:-[0-9]{1,3})?[甲乙丙丁A-Z]?"
_NUMBER_WORD = "(?:号大院|号院|号|弄|巷|#院)"
_NUMBERS = (rf"^({_LEAD}){_NUMBER_WORD}", r"^([0-9]{1,5})(?:\p{Han}|$)")
_NO_NUMBER = (
    r"^[0-9A-Z]{1,4}(?:号(?:楼|栋|幢|门|线|馆|厂|仓|库|车间|地块)"
    r"|#楼|栋|幢|座|楼[0-9]|单元|期|区|层|楼|室|房|组团)"
)
_VILLAGE = r"\p{Han}[^0-9]*?(?:[0-9]{1,2}(?:村民小组|小组|组|队)[^0-9]*?)?"
_VILLAGE_NUMBER = rf"^({_VILLAGE})([0-9]{{1,4}})号(?:[^楼栋幢门厂仓库线馆]|$)"
"""A number that no road stands before: 大阳村12号, 朝阳村3组12号."""
_ROAD_WORDS = "[路街巷道弄里线]|胡同"


@dataclass(frozen=True)
class Roads:
    """Per text; null where it does not say it."""

    road: pl.Series
    number: pl.Series
    village: pl.Series
    """The name before a number without a road."""
    after: pl.Series
    """What stands behind the road."""
    left: pl.Series
    """What stands behind the number."""


def read(texts: pl.Series) -> Roads:
    """Roads and numbers at the head of the texts; a town, a place or another road before them is skipped."""
    texts = _to_the_road(texts)
    everything = pl.repeat(True, texts.len(), eager=True)
    may_road = texts.str.contains(_ROAD_WORDS)
    numbered = texts.str.contains(r"[0-9]号(?:大街|路|街)") & may_road
    named_by_road = texts.str.contains(_NO_ROAD)
    road = gated.extract(texts, may_road & ~named_by_road, _ROAD)
    lesser = road.is_null() & may_road & ~named_by_road
    road = road.zip_with(~lesser, gated.extract(texts, lesser, _LESSER_ROAD))
    after = _sliced(texts, road)
    if numbered.any():
        own = gated.extract(texts, numbered, _NUMBERED_ROAD)
        has_own = own.is_not_null()
        road = own.zip_with(has_own, road)
        after = gated.extract(texts, numbered, _NUMBERED_ROAD, 2).zip_with(has_own, after)
    no_number = after.str.contains(_NO_NUMBER)
    number = gated.extract(after, ~no_number, _NUMBERS[0])
    bare = number.is_null() & ~no_number
    number = number.zip_with(~bare, gated.extract(after, bare, _NUMBERS[1]))
    left = gated.change(
        after, number.is_not_null() & everything, lambda few: few.str.replace(rf"^{_LEAD}{_NUMBER_WORD}?", "")
    )
    homeless = road.is_null() & number.is_null()
    village = gated.extract(after, homeless, _VILLAGE_NUMBER)
    in_village = village.is_not_null()
    number = number.zip_with(~in_village, gated.extract(after, in_village, _VILLAGE_NUMBER, 2))
    left = gated.change(left, in_village, lambda few: few.str.replace(rf"^{_VILLAGE}[0-9]{{1,4}}号", ""))
    return Roads(road, number, village, after, left)


def _to_the_road(texts: pl.Series) -> pl.Series:
    """The texts without what stands before their road: a town that the reference does not have, a park, a
    district, another road."""
    towns = gated.having(texts, ("街道", "镇", "乡"))
    texts = _without(texts, towns, _UNKNOWN_TOWN)
    texts = _without(texts, gated.having(texts, _PLACES), _BEFORE_ROAD)
    named_by_road = texts.str.contains(_NO_ROAD)
    texts = _without(texts, gated.having(texts, ("区", "县", "市")) & ~named_by_road, _STRANGE_DISTRICT)
    return _without(
        texts, texts.str.contains("[路街道].*[路街道巷][^号]*[0-9]") & ~named_by_road, _SECOND_ROAD
    )


_PLACES = ("园", "区", "街道", "村委会", "广场", "商圈", "大厦", "期", "对面", "旁", "附近", "门口", "隔壁")


def _without(texts: pl.Series, rows: pl.Series, pattern: str) -> pl.Series:
    """What the pattern keeps of the texts of the rows that it matches."""

    def kept(few: pl.Series) -> pl.Series:
        found = few.str.extract(pattern, 1)
        return found.zip_with(found.is_not_null(), few)

    return gated.change(texts, rows, kept)


def _sliced(texts: pl.Series, heads: pl.Series) -> pl.Series:
    """The texts behind their heads."""
    return (
        texts.to_frame("text")
        .select(pl.col("text").str.slice(heads.str.len_chars().fill_null(0)))
        .to_series()
    )
