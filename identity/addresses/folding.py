"""Compiled: UTF-8 → folded code points, in one pass: characters folded, Latin words dropped, gaps closed.

The arrays come from `characters.py`. What needs regular expressions (phones, names, labels) belongs in
`fold.py`: rows that may hold such are told, not folded.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from identity.addresses.characters import (
    ALONE,
    CHANGED,
    DASH,
    DIGIT,
    GAP,
    HARD,
    LETTER,
    PAIRS,
    PEOPLE,
    SEVERAL,
)
from identity.addresses.compiling import Array, compiled, inlined

DONE, HAS_PEOPLE, IS_HARD = 0, 1, 2
"""What became of a row: folded; perhaps with people's data in it; with characters that compose."""
FIND_PEOPLE, KEEP_PEOPLE, SPELL = 0, 1, 2
"""Rows with people's data are told, or folded like others; or characters are folded and nothing dropped."""
_PHONE_LENGTH = 7
"""Digits and masks in a row that may be a phone."""
_ALONE = ord(ALONE)
_PAIRS = tuple((ord(pair[0]), ord(pair[1])) for pair in PAIRS)
_SPACE, _DASH, _DOT, _QUOTE = ord(" "), ord("-"), ord("."), ord("'")


@inlined
def _is_letter(point: int) -> bool:
    return 65 <= point <= 90


@inlined
def _is_digit(point: int) -> bool:
    return 48 <= point <= 57


@inlined
def _ends_pair(before: int, point: int) -> bool:
    """Whether the characters are one of the words that stand beside people's data."""
    for one, two in _PAIRS:  # noqa: SIM110 (no generator is compiled)
        if before == one and point == two:
            return True
    return False


@compiled
def _drop_words(line: Array, start: int, stop: int) -> None:
    """Latin words become spaces: three letters and more, or two words of two letters and more."""
    at = start
    while at < stop:
        if not _is_letter(line[at]):
            at += 1
            continue
        end = _letters(line, at, stop)
        drop = end - at >= 3
        if end - at >= 2:
            beside = _gap(line, end, stop)
            after = _letters(line, beside, stop)
            if beside > end and after - beside >= 2:
                end, drop = after, True
                while True:
                    beside = _gap(line, end, stop)
                    after = _letters(line, beside, stop)
                    if beside in (end, after):
                        break
                    end = after
        if drop:
            for place in range(at, end):
                line[place] = _SPACE
        at = end


@inlined
def _letters(line: Array, at: int, stop: int) -> int:
    while at < stop and _is_letter(line[at]):
        at += 1
    return at


@inlined
def _gap(line: Array, at: int, stop: int) -> int:
    while at < stop and (line[at] == _SPACE or line[at] == _DOT or line[at] == _QUOTE):
        at += 1
    return at


@compiled
def _close_gaps(line: Array, start: int, stop: int, kinds: Array) -> int:
    """Moves the characters together over the gaps between them; where they end.

    Of gaps only those between two letters or digits are kept: a dash if it holds just one, else a space.
    """
    out, before, has_gap, dashes = start, np.int64(0), False, 0
    for at in range(start, stop):
        point = np.int64(line[at])
        if point == _DASH:
            dashes += 1
            has_gap = True
            continue
        if point < kinds.size and kinds[point] & GAP:
            has_gap = True
            continue
        if has_gap:
            inside = (_is_digit(before) or _is_letter(before)) and (_is_digit(point) or _is_letter(point))
            if inside and dashes < 2:
                line[out] = _DASH if dashes else _SPACE
                out += 1
            has_gap, dashes = False, 0
        line[out] = point
        out += 1
        before = point
    return out


@compiled
def fold(  # noqa: PLR0912, PLR0915 (one loop: what is called is paid for at every character)
    data: Array, offsets: Array, folded: Array, kinds: Array, several: Array, mode: int,
    points: Array, starts: Array, stops: Array, states: Array,
) -> int:  # fmt: skip
    """Folds the rows of an Arrow text column into `points`; how many points were written.

    `points` has room for a point a byte and one a row. `starts` and `stops` say where each row stands (a zero
    behind it), `states` what became of it.
    """
    out: Any = np.int64(0)
    first = np.int64(offsets[0])
    for row in range(offsets.size - 1):
        at, stop = np.int64(offsets[row]), np.int64(offsets[row + 1])
        start, state, seen, run = out, DONE, np.int64(0), 0
        while at < stop:
            byte = np.int64(data[at])
            if 0xE0 <= byte < 0xF0:
                point = (byte & 0xF) << 12 | (np.int64(data[at + 1]) & 0x3F) << 6
                point |= np.int64(data[at + 2]) & 0x3F
                at += 3
            elif byte < 0x80:
                point, at = byte, at + 1
            elif byte < 0xE0:
                point, at = (byte & 0x1F) << 6 | np.int64(data[at + 1]) & 0x3F, at + 2
            else:
                point = (byte & 7) << 18 | (np.int64(data[at + 1]) & 0x3F) << 12
                point |= (np.int64(data[at + 2]) & 0x3F) << 6 | np.int64(data[at + 3]) & 0x3F
                at += 4
                if point >= folded.size:
                    # Tags and private characters beyond the planes of names mean nothing.
                    is_nothing = 0xE0000 <= point < 0xE0100 or point >= 0xF0000
                    points[out] = _SPACE if is_nothing else point
                    out, seen, run = out + 1, seen | GAP, 0
                    continue
            kind = np.int64(kinds[point])
            if kind & CHANGED:
                point = np.int64(folded[point])
            if kind & SEVERAL:
                count = np.int64(several[point])
                # Characters that fold to more than their bytes are left to Polars where they are many.
                if out + count > at - first + row:
                    state = IS_HARD
                    break
                for place in range(point + 1, point + 1 + count):
                    points[out] = several[place]
                    out += 1
                    kind |= np.int64(kinds[several[place]])
                    run = run + 1 if np.int64(kinds[several[place]]) & DIGIT else 0
            else:
                points[out] = point
                out += 1
                run = run + 1 if kind & DIGIT else 0
            if kind == 0:
                continue
            seen |= kind
            if kind & HARD:
                state = IS_HARD
                break
            if mode == FIND_PEOPLE and (run >= _PHONE_LENGTH or kind & PEOPLE):
                before = np.int64(points[out - 2]) if out - 2 >= start else 0
                if run >= _PHONE_LENGTH or point == _ALONE or _ends_pair(before, point):
                    state = HAS_PEOPLE
                    break
        starts[row], states[row] = start, state
        if state != DONE:
            out = start
        elif mode != SPELL and seen & (LETTER | GAP | DASH):
            if seen & LETTER:
                _drop_words(points, start, out)
            out = _close_gaps(points, start, out, kinds)
        stops[row] = out
        points[out] = 0
        out += 1
    return out
