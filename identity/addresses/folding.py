"""Compiled: UTF-8 → folded code points, in one pass: characters folded, Latin words dropped, gaps closed.

The arrays come from `characters.py`. What needs regular expressions (phones, names, labels) belongs in
`fold.py`: rows that may hold such are told, not folded.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from identity.addresses.characters import GAP, HARD, SEVERAL
from identity.addresses.finding import Array

DONE, HAS_PEOPLE, IS_HARD = 0, 1, 2
"""What became of a row: folded; perhaps with people's data in it; with characters that compose."""
_PHONE_LENGTH = 7
"""Digits and masks in a row that may be a phone."""
_ALONE = ord("收")
_PAIRS = tuple((ord(pair[0]), ord(pair[1])) for pair in (
    "电话", "手机", "联系", "姓名", "邮编", "地址", "先生", "女士", "小姐",
))  # fmt: skip
_SPACE, _DASH, _MASK, _DOT, _QUOTE = ord(" "), ord("-"), ord("*"), ord("."), ord("'")


@njit(cache=True, nogil=True, inline="always")
def _is_letter(point: int) -> bool:
    return 65 <= point <= 90


@njit(cache=True, nogil=True, inline="always")
def _is_digit(point: int) -> bool:
    return 48 <= point <= 57


@njit(cache=True, nogil=True)
def _decode(
    data: Array, start: int, stop: int, folded: Array, kinds: Array, several: Array, line: Array
) -> tuple[int, int]:
    """Writes the characters of one row to `line`, each folded; how many, and what became of the row."""
    at, count = start, 0
    limit = line.size - 8
    while at < stop:
        byte = np.int64(data[at])
        if byte < 0x80:
            point, at = byte, at + 1
        elif byte < 0xE0:
            point, at = (byte & 0x1F) << 6 | np.int64(data[at + 1]) & 0x3F, at + 2
        elif byte < 0xF0:
            point = (byte & 0xF) << 12 | (np.int64(data[at + 1]) & 0x3F) << 6 | np.int64(data[at + 2]) & 0x3F
            at += 3
        else:
            point = (byte & 7) << 18 | (np.int64(data[at + 1]) & 0x3F) << 12
            point |= (np.int64(data[at + 2]) & 0x3F) << 6 | np.int64(data[at + 3]) & 0x3F
            at += 4
        if point >= folded.size:
            # Tags and private characters beyond the planes of names mean nothing.
            line[count] = _SPACE if 0xE0000 <= point < 0xE0100 or point >= 0xF0000 else point
            count += 1
            continue
        kind = kinds[point]
        if kind & HARD or count > limit:
            return 0, IS_HARD
        if kind & SEVERAL:
            first = np.int64(folded[point])
            for place in range(np.int64(several[first])):
                line[count] = several[first + 1 + place]
                count += 1
        else:
            line[count] = folded[point]
            count += 1
    return count, DONE


@njit(cache=True, nogil=True)
def _has_people(line: Array, count: int) -> bool:
    """Whether a phone may be in the characters, or a word that stands beside one."""
    run = 0
    for at in range(count):
        point = line[at]
        if _is_digit(point) or point == _MASK:
            run += 1
            if run == _PHONE_LENGTH:
                return True
            continue
        run = 0
        if point == _ALONE:
            return True
        if point > 0x4E00 and at + 1 < count:
            for one, two in _PAIRS:
                if point == one and line[at + 1] == two:
                    return True
    return False


@njit(cache=True, nogil=True)
def _drop_words(line: Array, count: int) -> None:
    """Latin words become spaces: three letters and more, or two words of two letters and more."""
    at = 0
    while at < count:
        if not _is_letter(line[at]):
            at += 1
            continue
        end = _letters(line, at, count)
        drop = end - at >= 3
        if end - at >= 2:
            beside = _gap(line, end, count)
            after = _letters(line, beside, count)
            if beside > end and after - beside >= 2:
                end, drop = after, True
                while True:
                    beside = _gap(line, end, count)
                    after = _letters(line, beside, count)
                    if beside in (end, after):
                        break
                    end = after
        if drop:
            for place in range(at, end):
                line[place] = _SPACE
        at = end


@njit(cache=True, nogil=True, inline="always")
def _letters(line: Array, at: int, count: int) -> int:
    while at < count and _is_letter(line[at]):
        at += 1
    return at


@njit(cache=True, nogil=True, inline="always")
def _gap(line: Array, at: int, count: int) -> int:
    while at < count and (line[at] == _SPACE or line[at] == _DOT or line[at] == _QUOTE):
        at += 1
    return at


@njit(cache=True, nogil=True)
def fold(
    data: Array, offsets: Array, folded: Array, kinds: Array, several: Array, keep_people: bool,
    points: Array, starts: Array, stops: Array, states: Array, line: Array,
) -> int:  # fmt: skip
    """Folds the rows of an Arrow text column into `points`; how many points were written.

    `starts` and `stops` say where each row stands (a zero behind it), `states` what became of it. Of gaps
    only those between two letters or digits are kept: a dash if it holds just one, else a space.
    """
    out = 0
    for row in range(offsets.size - 1):
        count, state = _decode(data, offsets[row], offsets[row + 1], folded, kinds, several, line)
        if state == DONE and not keep_people and _has_people(line, count):
            state = HAS_PEOPLE
        starts[row], states[row] = out, state
        if state == DONE:
            _drop_words(line, count)
            before, has_gap, dashes = np.int64(0), False, 0
            for at in range(count):
                point = np.int64(line[at])
                if point == _DASH:
                    dashes += 1
                    has_gap = True
                    continue
                if point < kinds.size and kinds[point] & GAP:
                    has_gap = True
                    continue
                if has_gap:
                    inside = (_is_digit(before) or _is_letter(before)) and (
                        _is_digit(point) or _is_letter(point)
                    )
                    if inside and dashes < 2:
                        points[out] = _DASH if dashes else _SPACE
                        out += 1
                    has_gap, dashes = False, 0
                points[out] = point
                out += 1
                before = point
        stops[row] = out
        points[out] = 0
        out += 1
    return out


@njit(cache=True, nogil=True)
def encode(points: Array, starts: Array, stops: Array, data: Array, offsets: Array) -> int:
    """Writes texts as UTF-8 to `data` and their `offsets`; how many bytes."""
    out = 0
    for row in range(starts.size):
        offsets[row] = out
        for at in range(starts[row], stops[row]):
            point = np.int64(points[at])
            if point < 0x80:
                data[out] = point
                out += 1
            elif point < 0x800:
                data[out], data[out + 1] = 0xC0 | point >> 6, 0x80 | point & 0x3F
                out += 2
            elif point < 0x10000:
                data[out], data[out + 1] = 0xE0 | point >> 12, 0x80 | (point >> 6) & 0x3F
                data[out + 2] = 0x80 | point & 0x3F
                out += 3
            else:
                data[out], data[out + 1] = 0xF0 | point >> 18, 0x80 | (point >> 12) & 0x3F
                data[out + 2], data[out + 3] = 0x80 | (point >> 6) & 0x3F, 0x80 | point & 0x3F
                out += 4
    offsets[starts.size] = out
    return out
