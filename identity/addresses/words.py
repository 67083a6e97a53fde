"""Compiled: the words of a door (栋, 单元, 室, …) and the shapes of its numbers.

What a number is by the words around it belongs in `numbers.py`.
"""

from __future__ import annotations

import numpy as np

from identity.addresses.compiling import Array, compiled

BUILDING, UNIT, FLOOR, ROOM, ZONE, COMMUNITY = 0, 1, 2, 3, 4, 5
FIELDS = 6
NOTHING, PLAIN, DOOR = -1, 9, 10
"""Kinds of a word besides the fields: none that is known, 号, and 门."""

_HAO, _LOU, _DONG, _ZHUANG, _ZUO, _TA, _SHARP = (ord(c) for c in "号楼栋幢座塔#")
_DAN, _YUAN, _MEN, _CENG, _SHI, _FANG, _JIAN, _HU, _PU = (ord(c) for c in "单元门层室房间户铺")
_SHANG, _DIAN, _MIAN, _CHANG, _CHE, _CANG, _KU, _SU, _SHE = (ord(c) for c in "商店面厂车仓库宿舍")
_QU, _QI, _ZU, _TUAN = (ord(c) for c in "区期组团")
RANK, MINUS, UNDER, FURTHER, ATTACHED = (ord(c) for c in "第负下之附")
"""第3栋; 负1层, 地下1层; 12号之2, 附3号."""
DASH, FLOOR_LETTER, _BASEMENT = ord("-"), ord("F"), ord("B")
_EAST, _WEST, _SOUTH, _NORTH, _MIDDLE = (ord(c) for c in "东西南北中")


@compiled
def is_digit(point: int) -> bool:
    return 48 <= point <= 57


@compiled
def is_letter(point: int) -> bool:
    return 65 <= point <= 90


@compiled
def word_at(text: Array, at: int, stop: int) -> tuple[int, int]:  # noqa: PLR0911, PLR0912 (a list)
    """What the word at a position makes of the number before it, and its length."""
    one = np.int64(text[at]) if at < stop else 0
    two = np.int64(text[at + 1]) if at + 1 < stop else 0
    three = np.int64(text[at + 2]) if at + 2 < stop else 0
    if one in (_HAO, _SHARP):
        if two in (_LOU, _DONG, _ZHUANG):
            return BUILDING, 2
        if one == _SHARP:
            return BUILDING, 1
        if two in (_FANG, _PU):
            return ROOM, 2
        if (two in (_SHANG, _DIAN)) and three == _PU:
            return ROOM, 3
        if two == _MEN and three == _MIAN:
            return ROOM, 3
        if (
            (two == _CHANG and three == _FANG)
            or (two == _CHE and three == _JIAN)
            or (two == _CANG and three == _KU)
        ):
            return BUILDING, 3
        if two == _SU and three == _SHE:
            return BUILDING, 3
        return PLAIN, 1
    if one in (_DONG, _ZHUANG, _ZUO):
        return BUILDING, 1
    if one == _TA:
        return BUILDING, 2 if two == _LOU else 1
    if one == _LOU:
        if two == _DONG:
            return BUILDING, 2
        # 3楼2单元, 3楼2门: a building.
        end = at + 1
        while end < stop and is_digit(text[end]):
            end += 1
        if 1 <= end - at - 1 <= 2 and end < stop and (text[end] == _MEN or text[end] == _DAN):
            return BUILDING, 1
        return FLOOR, 1
    if one in (_CENG, FLOOR_LETTER):
        return FLOOR, 1
    if one == _DAN and two == _YUAN:
        return UNIT, 2
    if one == _MEN:
        return DOOR, 1
    if one in (_SHI, _HU, _PU):
        return ROOM, 1
    if one == _FANG:
        return ROOM, 2 if two == _JIAN else 1
    if (one in (_SHANG, _DIAN)) and two == _PU:
        return ROOM, 2
    return NOTHING, 0


@compiled
def all_digits(text: Array, start: int, stop: int) -> bool:
    for at in range(start, stop):
        if not is_digit(text[at]):
            return False
    return stop > start


@compiled
def is_storey(text: Array, start: int, stop: int) -> bool:
    """Digits, with a B before them or not (B1)."""
    return all_digits(text, start + 1 if text[start] == _BASEMENT else start, stop)


@compiled
def is_block(text: Array, start: int, stop: int) -> bool:
    """1 to 3 digits and perhaps a letter, or a letter and up to 2 digits."""
    if is_letter(text[start]):
        return stop - start == 1 or (stop - start <= 3 and all_digits(text, start + 1, stop))
    end = stop - 1 if is_letter(text[stop - 1]) else stop
    return end - start <= 3 and all_digits(text, start, end)


@compiled
def is_room(text: Array, start: int, stop: int) -> bool:
    """3 to 5 digits with a letter at either end or none (B1203), or 1 or 2, a letter, up to 2 (15B07)."""
    first = start + 1 if is_letter(text[start]) else start
    last = stop - 1 if is_letter(text[stop - 1]) else stop
    if 3 <= last - first <= 5 and all_digits(text, first, last):
        return True
    at = start
    while at < stop and is_digit(text[at]):
        at += 1
    if not 1 <= at - start <= 2 or at == stop:
        return False
    return at + 1 == stop or (stop - at - 1 <= 2 and all_digits(text, at + 1, stop))


@compiled
def is_side(point: int) -> bool:
    """东, 西, 南, 北, 中: with a zone's word a part of a compound."""
    return point in (_EAST, _WEST, _SOUTH, _NORTH, _MIDDLE)


@compiled
def is_zone(text: Array, at: int, stop: int) -> bool:
    """Whether a word of a compound's part stands at the position: 区, 期, 组团."""
    if at >= stop:
        return False
    one = np.int64(text[at])
    return one in (_QU, _QI) or (one == _ZU and at + 1 < stop and text[at + 1] == _TUAN)
