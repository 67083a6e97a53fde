"""Chinese numerals as digits, where a word that counts stands behind them (三单元 → 3单元).

What the numbers mean belongs in `roads.py` and `numbers.py`.
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
