"""The arrays that the compiled walk reads: the grammar, and what the characters behind a name make of it.

Numba takes a NamedTuple of arrays as it is. What the grammar's arrays mean is told in `grammar.py`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from identity.addresses import stored

IS_ROAD, IS_PLACE, IS_LONE_PLACE = 1, 2, 4
"""Bits: behind a full name, a short name, and a short name before which nothing stands."""
ROAD_WORD, KIND_WORD, LONE_WORD, PAIR_WORD, NUMBER_WORD = 1, 2, 4, 8, 16
"""Bits of `Tables.kinds`."""

_ROAD_NEXT = "路弄巷场街"
_KIND_NEXT = "号省市区县旗州盟店厂站#"
_ROAD_PAIRS = ("大道", "大街", "公路")
_PLACE_PAIRS = (
    *("东路", "西路", "南路", "北路", "中路", "东街", "西街", "南街", "北街", "一路", "二路", "三路", "环路"),
    *("大厦", "广场", "花园", "小区", "公寓", "国际", "新村", "家园", "酒店", "宾馆", "商城", "市场", "公园"),
    *("大学", "学院", "中学", "小学", "医院", "银行", "集团", "公司", "支行", "名苑", "名城", "华庭", "豪庭"),
)
"""What may follow a short name to make it that of a road, a place or a firm (朝阳路 is not 朝阳区)."""
_LONE_NEXT = "道街村庄里园苑镇乡屯桥楼栋座港0123456789"
"""What may follow a short name that nothing stands before (朝阳村)."""
_NUMBER_NEXT = "0123456789号\0"
"""After a full name the word may begin a road's name (东海县|路桥路), unless a number or the end
follows it."""


class Tables(NamedTuple):
    """See `lexicon.Lexicon` for the first three, `grammar.Grammar` for the next eight."""

    ids: npt.NDArray[np.uint16]
    pairs: npt.NDArray[np.int64]
    shelves: npt.NDArray[np.uint16]
    entries: npt.NDArray[np.int64]
    root: npt.NDArray[np.int64]
    near: npt.NDArray[np.uint8]
    high: npt.NDArray[np.uint8]
    rank: npt.NDArray[np.int8]
    settled: npt.NDArray[np.bool_]
    region: npt.NDArray[np.int32]
    first_group: int
    kinds: npt.NDArray[np.uint8]
    """By code point, as bits: what it may be behind a form."""
    places: npt.NDArray[np.int64]
    """Pairs of characters (first << 21 | second) that make a place of a short name, those of roads first."""
    road_places: int


@lru_cache(maxsize=1)
def load() -> Tables:
    """The tables of the committed seeds."""
    rules = stored.load()
    kinds = np.zeros(0x10000, dtype=np.uint8)
    places = _ROAD_PAIRS + _PLACE_PAIRS
    words = {
        ROAD_WORD: _ROAD_NEXT, KIND_WORD: _KIND_NEXT, LONE_WORD: _LONE_NEXT, NUMBER_WORD: _NUMBER_NEXT,
        PAIR_WORD: "".join({pair[0] for pair in places}),
    }  # fmt: skip
    for bit, characters in words.items():
        for character in characters:
            kinds[ord(character)] |= bit
    return Tables(
        ids=_own(rules.lexicon.ids),
        pairs=_own(rules.lexicon.pairs),
        shelves=_own(rules.lexicon.shelves),
        entries=_own(rules.entries),
        root=_own(rules.root),
        near=_own(rules.near),
        high=_own(rules.high),
        rank=_own(rules.rank),
        settled=_own(rules.settled),
        region=_own(rules.region),
        first_group=rules.first_group,
        kinds=kinds,
        places=np.array([ord(pair[0]) << 21 | ord(pair[1]) for pair in places], dtype=np.int64),
        road_places=len(_ROAD_PAIRS),
    )


def _own(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The array, writable: numba compiles for arrays that are not anew."""
    return array if array.flags.writeable else array.copy()
