"""Quotes and line ends in the bytes of delimited text: which quote is open at the end, and where lines begin.

Quoting follows RFC 4180; a quote inside an unquoted cell is a character (="123"). Nothing is split into cells
here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def line_ends(data: bytes) -> int:
    """Line ends in the text: \\n, \\r\\n, and \\r alone."""
    import numpy as np

    if not data:
        return 0
    feeds = _bytes(data) == 10
    if b"\r" not in data:
        return int(np.count_nonzero(feeds))
    returns = _bytes(data) == 13
    return int(np.count_nonzero(returns)) + int(np.count_nonzero(feeds[1:] & ~returns[:-1])) + int(feeds[0])


def holds(data: bytes, character: bytes) -> bool:
    """Whether the text holds a character of three bytes: twice as fast as `in`, and no other thread waits."""
    import numpy as np

    if len(data) < len(character):
        return False
    every = _bytes(data)
    at = np.flatnonzero(every[:-2] == character[0])
    at = at[every[at + 1] == character[1]]
    return bool((every[at + 2] == character[2]).any())


def end_of_lines(data: bytes) -> int:
    """Where the last whole line ends; 0 if there is none. A \\r at the very end may be half a line end."""
    return data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, len(data) - 1) + 1


def after_first_line(data: bytes) -> int:
    """Where the second line begins, or the end of the bytes."""
    ends = [at for at in (data.find(b"\n"), data.find(b"\r")) if at >= 0]
    if not ends:
        return len(data)
    end = min(ends)
    return end + 2 if data[end : end + 2] == b"\r\n" else end + 1


def last_lines(data: bytes, count: int) -> bytes:
    """The last `count` lines of the bytes."""
    end = len(data) - (2 if data.endswith(b"\r\n") else data.endswith((b"\n", b"\r")))
    start, last_return = end, data.rfind(b"\r", 0, end)
    for _ in range(count):
        feed = data.rfind(b"\n", 0, end)
        if last_return >= end:
            last_return = data.rfind(b"\r", 0, end)
        cut = max(feed, last_return)
        if cut < 0:
            return data
        start = cut + 1
        end = cut - 1 if feed == cut and last_return == cut - 1 else cut
    return data[start:]


def open_quote(record: bytes, delimiter: str) -> int | None:
    """Where the quote stands that is not closed at the end of a record; null if there is none."""
    mark, at = delimiter.encode(), 0
    while True:
        if record[at : at + 1] == b'"':
            close = _closing(record, at + 1)
            if close < 0:
                return at
            at = close + 1
        at = record.find(mark, at) + 1
        if not at:
            return None


def _closing(record: bytes, at: int) -> int:
    """Where the quoted cell that begins at `at` is closed; -1 if it is not."""
    while True:
        close = record.find(b'"', at)
        if close < 0 or record[close + 1 : close + 2] != b'"':
            return close
        at = close + 2


def _bytes(data: bytes) -> np.ndarray:
    import numpy as np

    return np.frombuffer(data, np.uint8)
