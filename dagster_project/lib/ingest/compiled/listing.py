"""A JSON list, block by block → its items as JSON lines, compiled: only brackets, quotes, commas and blanks
are looked at. Whether an item is JSON is the reader's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from dagster_project.lib.ingest.compiled.machine import Array, compiled

_QUOTE, _BACKSLASH, _COMMA, _FEED, _BLANK = 34, 92, 44, 10, 32
_OPEN_LIST, _CLOSE_LIST, _OPEN, _CLOSE = 91, 93, 123, 125
_DEPTH, _IN_TEXT, _ESCAPED, _LAST, _STATE = range(5)
"""What is kept from block to block: depth of brackets, whether a text is open and a backslash stands
before, the last byte outside of texts that is no blank, and where the list stands."""
_BEFORE, _INSIDE, _BEHIND, _BROKEN = range(4)


class NotWholeError(Exception):
    """The text is no list, or does not end with it."""


def items(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The items of a list, one a line: line breaks outside of texts become blanks. Raises NotWholeError at
    the end of a text that is not one whole list."""
    facts = np.zeros(5, np.int64)
    for block in blocks:
        made = np.empty(len(block) + 1, np.uint8)
        used = _items(np.frombuffer(block, np.uint8), made, facts)
        if facts[_STATE] == _BROKEN:
            break
        yield made[:used].tobytes()
    if facts[_STATE] != _BEHIND:
        raise NotWholeError


@compiled
def _items(  # noqa: PLR0912 (one loop: what is called is paid for at every byte)
    data: Array, made: Array, facts: Array
) -> int:
    depth, in_text, escaped, last, state = facts[0], facts[1], facts[2], facts[3], facts[4]
    to = 0
    for byte in data:
        if in_text:
            made[to] = byte
            to += 1
            if escaped:
                escaped = 0
            elif byte == _BACKSLASH:
                escaped = 1
            elif byte == _QUOTE:
                in_text = 0
            continue
        if byte in (_BLANK, 9, _FEED, 13):
            if state == _INSIDE:
                made[to] = _BLANK
                to += 1
            continue
        if state != _INSIDE:
            state = _INSIDE if state == _BEFORE and byte == _OPEN_LIST else _BROKEN
            last = byte
            if state == _BROKEN:
                break
            continue
        if depth == 0 and byte in (_COMMA, _CLOSE_LIST):
            if byte == _COMMA and last in (_COMMA, _OPEN_LIST):
                state = _BROKEN
                break
            if byte == _CLOSE_LIST:
                state = _BEHIND
            made[to] = _FEED
            to += 1
            last = byte
            continue
        if byte in (_OPEN_LIST, _OPEN):
            depth += 1
        elif byte in (_CLOSE_LIST, _CLOSE):
            depth -= 1
        elif byte == _QUOTE:
            in_text = 1
        last = 0
        made[to] = byte
        to += 1
    facts[0], facts[1], facts[2], facts[3], facts[4] = depth, in_text, escaped, last, state
    return to
