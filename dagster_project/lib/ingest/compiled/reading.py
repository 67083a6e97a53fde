"""Times and amounts in their usual forms, compiled: `2026-03-09 08:00:00`, `-1299.90`.

What is written otherwise is only counted: rules/typing_rules.py reads the whole column then.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.lib.ingest.compiled.machine import Array, Word, compiled, inlined, load_at
from dagster_project.lib.ingest.compiled.texts import (
    AHEAD,
    Texts,
    arrow_of,
    bits_of,
    fetch_text,
    is_filled,
    length_at,
    text_at,
    texts,
)
from dagster_project.lib.ingest.compiled.views import INLINE_BYTES, VIEW_BYTES

_TIME_BYTES = 19
_CLOCK_AT = 11
_DATE = np.uint64(int.from_bytes(b"0000-00-", "little"))
_DAY_AND_HOUR = np.uint64(int.from_bytes(b"00 00:00", "little"))
_CLOCK = np.uint64(int.from_bytes(b"00:00:00", "little"))
_HIGH = np.uint64(0x8080808080808080)
_MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int64)
_FEBRUARY = 2
_ERA_YEARS, _ERA_DAYS, _DAYS_TO_1970 = 400, 146_097, 719_468
"""Days since 1 March of year 0, counted by eras of 400 years (proleptic Gregorian calendar)."""
_MINUS, _POINT, _ZERO, _NINE = 45, 46, 48, 57
_WHOLE_DIGITS = 12


def _limits(pattern: np.uint64) -> np.uint64:
    """What is added to a word less its pattern so that a high bit tells a byte that is no digit, or not the
    sign that the pattern has there."""
    signs = int(pattern).to_bytes(8, "little")
    return np.uint64(int.from_bytes(bytes(0x76 if sign == _ZERO else 0x7F for sign in signs), "little"))


_DATE_LIMITS, _DAY_LIMITS, _CLOCK_LIMITS = _limits(_DATE), _limits(_DAY_AND_HOUR), _limits(_CLOCK)


def times(cells: pl.Series) -> pl.Series | None:
    """The times of a column, null for null; null where a cell is written in another form."""
    import pyarrow as pa

    column, held = texts(cells)
    made, bits = np.zeros(column.rows, np.int64), bits_of(column.rows)
    is_usual = _times(column, made, bits, _MONTH_DAYS)
    del held
    return arrow_of(pa.timestamp("us"), column.rows, bits, made).alias(cells.name) if is_usual else None


def amounts(cells: pl.Series, scale: int) -> pl.Series | None:
    """The numbers of a column with `scale` decimals; null where a cell has more of them, or another form."""
    import pyarrow as pa

    column, held = texts(cells)
    made, bits = np.zeros((column.rows, 2), np.int64), bits_of(column.rows)
    is_usual = _amounts(column, scale, made, bits)
    del held
    return arrow_of(pa.decimal128(18, scale), column.rows, bits, made).alias(cells.name) if is_usual else None


@inlined
def _is_off(word: Word, pattern: Word, limits: Word) -> Word:
    """Not 0 where a byte of the word is no digit or another sign than the pattern has."""
    less = word ^ pattern
    return (less | (less + limits)) & _HIGH


@inlined
def _two(word: Word, at: int) -> Word:
    """The number of two digits from this byte of a word on."""
    pair = np.int64((word >> np.uint64(8 * at)) & np.uint64(0x0F0F))
    return (pair & 15) * 10 + (pair >> 8)


@compiled
def _times(column: Texts, made: Array, bits: Array, month_days: Array) -> bool:
    for row in range(column.rows):
        if row + AHEAD < column.rows:
            fetch_text(column.views + (row + AHEAD) * VIEW_BYTES, column.buffers)
        if not is_filled(column.bits, column.bit + row):
            continue
        view = column.views + row * VIEW_BYTES
        if length_at(view) != _TIME_BYTES:
            return False
        at = text_at(view, _TIME_BYTES, column.buffers)
        date, day_and_hour, clock = load_at(at), load_at(at + 8), load_at(at + _CLOCK_AT)
        off = _is_off(date, _DATE, _DATE_LIMITS) | _is_off(day_and_hour, _DAY_AND_HOUR, _DAY_LIMITS)
        if off | _is_off(clock, _CLOCK, _CLOCK_LIMITS):
            return False
        year, month, day = _two(date, 0) * 100 + _two(date, 2), _two(date, 5), _two(day_and_hour, 0)
        hour, minute, second = _two(clock, 0), _two(clock, 3), _two(clock, 6)
        if year < 1 or month < 1 or month > 12 or day < 1 or hour > 23 or minute > 59 or second > 59:
            return False
        if day > month_days[month - 1]:
            is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            if month != _FEBRUARY or not is_leap or day > month_days[1] + 1:
                return False
        from_march = year - 1 if month <= _FEBRUARY else year
        era = from_march // _ERA_YEARS
        of_era = from_march - era * _ERA_YEARS
        of_year = (153 * (month - 3 if month > _FEBRUARY else month + 9) + 2) // 5 + day - 1
        days = era * _ERA_DAYS + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _DAYS_TO_1970
        made[row] = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000
        bits[row >> 3] |= np.uint8(1 << (row & 7))
    return True


@compiled
def _amounts(column: Texts, scale: int, made: Array, bits: Array) -> bool:
    for row in range(column.rows):
        if row + AHEAD < column.rows:
            fetch_text(column.views + (row + AHEAD) * VIEW_BYTES, column.buffers)
        if not is_filled(column.bits, column.bit + row):
            continue
        view = column.views + row * VIEW_BYTES
        length = length_at(view)
        if length > INLINE_BYTES:
            return False
        low, high = load_at(view), load_at(view + 8)
        number: Word = 0
        digits = decimals = 0
        point = negative = False
        for at in range(length):
            shift = 32 + 8 * at if at < 4 else 8 * (at - 4)
            byte = np.int64(((low if at < 4 else high) >> np.uint64(shift)) & np.uint64(255))
            if _ZERO <= byte <= _NINE:
                number = number * 10 + (byte - _ZERO)
                digits += 1
                decimals += point
            elif byte == _POINT and digits and not point:
                point = True
            elif byte == _MINUS and at == 0:
                negative = True
            else:
                return False
        if not digits or (point and not decimals) or decimals > scale:
            return False
        for _ in range(scale - decimals):
            number *= 10
        if negative:
            number = -number
        made[row, 0] = number
        made[row, 1] = -1 if number < 0 else 0
        bits[row >> 3] |= np.uint8(1 << (row & 7))
    return True
