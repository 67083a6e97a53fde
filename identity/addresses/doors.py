"""Every way of writing a door rewritten to one: 5-2-301, 5号楼2门301房 → 5栋2单元301室.

What is read of the result stands in `detail.py`, roads and numbers in `roads.py`.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from identity.addresses import gated

_DIGITS = "零一二三四五六七八九"
_COUNTED = (
    "号楼", "号院", "号", "栋", "幢", "座", "单元", "室", "房", "层", "楼", "弄", "期", "区", "组团", "组",
    "队", "门", "户",
)  # fmt: skip
"""Words after which a Chinese numeral is a number (三单元), not a part of a name (三里屯)."""

_BLOCK = r"([0-9]{1,3}[A-Z]?|[A-Z][0-9]{0,2})"
_ROOM_WORD = "(?:号房|房间|室|房|户|号铺|号|铺|商铺)?"
_START = "(^|[^0-9A-Z-])"
_REWRITES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("第",), r"第([0-9])", "$1"),
    (("负", "地下"), r"(?:负|地下)([0-9])(?:层|楼)", "-${1}层"),
    (("-",), r"([A-Z][0-9]{1,2})-([0-9]{1,2})(?:F|层|楼)", "${1}栋${2}层"),
    (("F",), r"([0-9])F", "${1}层"),
    (("-",), r"(栋|幢|座|单元|层|楼)-?([A-Z]?[0-9]{3,5}-[A-Z]?[0-9]{3,5})(?:室|房)?", "${1}${2}室"),
    (("厂房", "车间", "仓库", "宿舍楼"), r"([0-9A-Z])号(?:厂房|车间|仓库|宿舍楼)", "${1}栋"),
    (("铺", "门面"), r"([0-9]{2,5})(?:号铺|号商铺|号店铺|号门面|商铺|店铺|铺)", "${1}室"),
    (
        ("楼", "#", "幢", "座", "号栋"),
        r"([0-9A-Z])(?:号楼|#楼|号栋|楼栋|号幢|幢|座|塔楼?|#)",
        "${1}栋",
    ),
    (("楼",), r"([0-9A-Z])楼([0-9]{1,2})(?:单元|门)", "${1}栋${2}单元"),
    (("门",), r"栋-?([0-9A-Z]{1,2})门", "栋${1}单元"),
    (("单元",), r"([0-9]{3,5})单元", "${1}室"),
    (
        ("-",),
        rf"{_START}{_BLOCK}-([0-9]{{1,2}})-([0-9]{{1,2}})-([0-9]{{2,5}}){_ROOM_WORD}",
        "${1}${2}栋${3}单元${4}层${5}室",
    ),
    (
        ("-",),
        rf"{_START}{_BLOCK}-([0-9]{{1,2}})-([0-9]{{2,5}}[A-Z]?){_ROOM_WORD}",
        "${1}${2}栋${3}单元${4}室",
    ),
    (("-",), rf"栋-?([0-9]{{1,2}})-([0-9]{{3,5}}){_ROOM_WORD}", "栋${1}单元${2}室"),
    (("-",), rf"{_START}{_BLOCK}-([0-9]{{3,5}}[A-Z]?){_ROOM_WORD}", "${1}${2}栋${3}室"),
    (
        ("栋", "单元", "层", "楼"),
        r"(栋|单元|层|楼)[- ]?([A-Z]?[0-9]{3,5}[A-Z]?(?:-[0-9]{3,5})?|[0-9]{1,2}[A-Z][0-9]{0,2})"
        rf"{_ROOM_WORD}",
        "${1}${2}室",
    ),
    (("号",), r"(单元|层|楼)([0-9]{1,2})号$", "${1}${2}室"),
    (("房", "户"), r"([0-9])(?:号房|房间|房|户)", "${1}室"),
)
"""What must stand in a text, the pattern, and what it becomes, in their order."""
_BARE_ROOM = (
    (r"(\p{Han})([0-9]{3,4}|[0-9]{1,2}[A-Z])$", "${1}${2}室"),
    (r"^([0-9]{3,5})$", "${1}室"),
)


def rewritten(doors: pl.Series) -> pl.Series:
    """The doors in the one way of writing that `detail.py` reads."""
    for literals, pattern, becomes in _REWRITES:
        rows = gated.having(doors, literals)
        doors = gated.change(doors, rows, gated.replacing(pattern, becomes))
    for pattern, becomes in _BARE_ROOM:
        doors = doors.str.replace(pattern, becomes)
    return doors


def digits(texts: pl.Series) -> pl.Series:
    """Chinese numerals before a word that counts as digits (三单元 → 3单元)."""
    old, new = _numerals()
    rows = texts.str.contains(f"[{_DIGITS}十]")
    return gated.change(texts, rows, lambda few: few.str.replace_many(old, new, leftmost=True))


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
