"""Compiled: building, unit, floor and room of a door, by what stands before and behind each number.

A number may be a chain (5-2-301). The first of each field counts; what no field takes is left over, and a
door with something left over may be several. The text stands behind the road's number, see `roads.py`.
"""

from __future__ import annotations

import numpy as np

from identity.addresses import words
from identity.addresses.compiling import Array, compiled
from identity.addresses.words import (
    BUILDING,
    COMMUNITY,
    DOOR,
    FLOOR,
    NOTHING,
    PLAIN,
    ROOM,
    UNIT,
    ZONE,
    all_digits,
    is_block,
    is_digit,
    is_letter,
    is_room,
    is_side,
    is_storey,
    is_zone,
    word_at,
)

MOST_PARTS = 4
_NAMES_FROM = 0x3400
"""Code points of Chinese characters."""
_ZU = ord("组")


@compiled
def _take(spans: Array, field: int, start: int, stop: int) -> bool:
    """The field's place, if it has none yet."""
    if spans[field, 1] > 0:
        return False
    spans[field, 0], spans[field, 1] = start, stop
    return True


@compiled
def _parts(text: Array, at: int, stop: int, parts: Array) -> tuple[int, int]:
    """The parts of the chain of numbers at a position (those beyond the fourth counted only), and its end.

    An F behind digits ends a part: 12F1203 is a floor and another number.
    """
    count, end = 0, at
    while True:
        part = end
        while end < stop and (is_digit(text[end]) or is_letter(text[end])):
            if text[end] == words.FLOOR_LETTER and is_storey(text, part, end):
                break
            end += 1
        if count < MOST_PARTS:
            parts[count, 0], parts[count, 1] = part, end
        count += 1
        if end + 1 >= stop or text[end] != words.DASH:
            return count, end
        if not (is_digit(text[end + 1]) or is_letter(text[end + 1])):
            return count, end
        end += 1


@compiled
def _chained(  # noqa: PLR0911 (one return a form)
    text: Array, parts: Array, count: int, word: int, before: int, spans: Array
) -> tuple[bool, int]:
    """What a chain of numbers is, where its form says so: whether all of it was taken, and the last field.

    The field is `NOTHING` where the chain is to be read by its last number alone.
    """
    p0, p1, q0, q1 = parts[0, 0], parts[0, 1], parts[count - 1, 0], parts[count - 1, 1]
    size = q1 - q0
    closes = word in (NOTHING, ROOM, PLAIN)
    block = is_block(text, p0, p1)
    short = count > 2 and parts[1, 1] - parts[1, 0] <= 2 and all_digits(text, parts[1, 0], parts[1, 1])
    if count == 4 and closes and block and short:
        third = parts[2, 1] - parts[2, 0]
        taken = _take(spans, BUILDING, p0, p1)
        taken = _take(spans, UNIT, parts[1, 0], parts[1, 1]) and taken
        if third > 2:  # 8-1-102-1: a part of a room
            _take(spans, ROOM, parts[2, 0], parts[2, 1])
            return False, ROOM
        taken = _take(spans, FLOOR, parts[2, 0], parts[2, 1]) and taken
        return _take(spans, ROOM, q0, q1) and taken and all_digits(text, q0, q1), ROOM
    if count == 3 and closes and block and short and 2 <= size <= 6 and all_digits(text, q0, q1 - 1):
        taken = _take(spans, BUILDING, p0, p1)
        taken = _take(spans, UNIT, parts[1, 0], parts[1, 1]) and taken
        return _take(spans, ROOM, q0, q1) and taken, ROOM
    if count != 2:
        return False, NOTHING
    if word == FLOOR and size <= 3:
        if is_letter(text[p0]) and p1 - p0 <= 3:  # E5-11层
            taken = _take(spans, BUILDING, p0, p1)
            return _take(spans, FLOOR, q0, q1) and taken, FLOOR
        if all_digits(text, p0, p1) and all_digits(text, q0, q1):
            return _take(spans, FLOOR, p0, q1), FLOOR
    digits = size - 1 if is_letter(text[q1 - 1]) else size
    if closes and 3 <= digits <= 5 and all_digits(text, q0, q0 + digits):
        if before >= 0 and p1 - p0 >= 3 and is_room(text, p0, p1):  # 8层801-803
            return _take(spans, ROOM, p0, q1), ROOM
        if before == BUILDING and p1 - p0 <= 2:  # 5栋2-301
            taken = _take(spans, UNIT, p0, p1)
            return _take(spans, ROOM, q0, q1) and taken, ROOM
        if block:
            taken = _take(spans, BUILDING, p0, p1)
            return _take(spans, ROOM, q0, q1) and taken, ROOM
    if word == ROOM and p1 - p0 <= 6:
        return _take(spans, ROOM, p0, q1), ROOM
    return False, NOTHING


@compiled
def _single(  # noqa: PLR0911 (one return a form)
    text: Array, start: int, stop: int, word: int, before: int, ends: bool, starts: bool, spans: Array
) -> tuple[bool, int]:
    """What one number is by its word and by the field right before it: whether it was taken, and the field.

    `ends`, `starts`: nothing stands behind the number and its word, nothing before the number.
    """
    size = stop - start
    digits = all_digits(text, start, stop)
    if word == BUILDING:
        return _take(spans, BUILDING, max(start, stop - 5), stop) and size <= 5, BUILDING
    if word == UNIT and size >= 3 and digits:
        return _take(spans, ROOM, start, stop), ROOM
    if word == UNIT or (word == DOOR and before == BUILDING and size <= 2):
        return _take(spans, UNIT, max(start, stop - 2), stop) and size <= 2, UNIT
    if word == FLOOR and size <= 3 and is_storey(text, start, stop):
        return _take(spans, FLOOR, start, stop), FLOOR
    if word == ROOM and size <= 6:
        return _take(spans, ROOM, start, stop), ROOM
    if word in (NOTHING, PLAIN) and before in (BUILDING, UNIT, FLOOR) and is_room(text, start, stop):
        return _take(spans, ROOM, start, stop), ROOM
    if word == PLAIN and ends and before in (UNIT, FLOOR) and size <= 2:  # 16层1号
        return _take(spans, ROOM, start, stop), ROOM
    if word == NOTHING and ends:
        letter_last = size <= 3 and is_letter(text[stop - 1]) and all_digits(text, start, stop - 1)
        if (digits and 3 <= size <= (5 if starts else 4)) or (letter_last and not starts):
            return _take(spans, ROOM, start, stop), ROOM
    return False, NOTHING


@compiled
def read(  # noqa: PLR0912 (one loop)
    text: Array, starts: Array, stops: Array, lanes: Array, unnamed: Array, parts: Array, spans: Array,
    whole: Array,
) -> None:  # fmt: skip
    """Writes where each field of each row stands (start and stop in `text`, 0 for none) to `spans`, and to
    `whole` whether nothing is left over.

    `lanes`: behind a lane a number is a house; `unnamed`: without a numbered road the numbers in a compound's
    name are a part of the name. `parts`: room for `MOST_PARTS` spans.
    """
    for row in range(starts.size):
        start, stop, own = starts[row], stops[row], spans[row]
        before, left, left_in_name, first = NOTHING, 0, 0, np.int64(-1)
        at = start
        while at < stop:
            point = np.int64(text[at])
            if not (is_digit(point) or is_letter(point)):
                if point in (words.FURTHER, words.ATTACHED):
                    left += 1
                    left_in_name += 1 if first < 0 else 0
                elif is_side(point) and is_zone(text, at + 1, stop):
                    _take(own, ZONE, at, at + (3 if text[at + 1] == _ZU else 2))
                # A dash and 第 stand between a field and what belongs to it.
                before = before if point in (words.DASH, words.RANK) else NOTHING
                at += 1
                continue
            count, end = _parts(text, at, stop, parts)
            word, length = word_at(text, end, stop)
            last = parts[min(count, MOST_PARTS) - 1]
            taken, kind = False, NOTHING
            if 1 < count <= MOST_PARTS:
                taken, kind = _chained(text, parts, count, word, before, own)
            if kind == NOTHING and count <= MOST_PARTS:
                one = last if word not in (NOTHING, PLAIN) else parts[0]
                ends, begins = end + length == stop and count == 1, one[0] == start
                taken, kind = _single(text, one[0], one[1], word, before, ends, begins, own)
                taken = taken and count == 1
            if kind == NOTHING and count == 1:
                size = end - at
                if word == PLAIN and lanes[row] and size <= 4 and all_digits(text, at, end):
                    taken, kind = _take(own, BUILDING, at, end), BUILDING
                elif size <= 2 and is_zone(text, end, stop):
                    # In a compound's own name a zone is a part of the name.
                    zoned = _take(own, ZONE, at, end + (2 if text[end] == _ZU else 1))
                    taken = zoned and not unnamed[row]
            if kind == FLOOR and taken and at > start and text[at - 1] in (words.MINUS, words.UNDER):
                own[FLOOR, 0] = at - 1
            if kind >= 0 and first < 0:
                head = np.int64(text[at - 1]) if at > start else 0
                step = 2 if head == words.UNDER else 1 if head in (words.RANK, words.MINUS) else 0
                first = max(at - step, start)
            if not taken:
                left += 1
                left_in_name += 1 if first < 0 else 0
            before = kind
            at = end + length
        if start < stop and text[start] >= _NAMES_FROM:
            own[COMMUNITY, 0], own[COMMUNITY, 1] = start, first if first >= 0 else stop
            if unnamed[row] and first >= 0:
                left -= left_in_name
        whole[row] = left == 0
