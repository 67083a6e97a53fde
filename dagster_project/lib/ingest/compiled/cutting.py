"""Bytes of delimited text → cells, compiled. Only what is regular: each line a row of the same number of
cells, quotes only around whole cells.

Whatever else a text holds is csv_lines.py's to read; here it is only noticed.
"""

from __future__ import annotations

import numpy as np

from dagster_project.lib.ingest.compiled.machine import (
    Array,
    Word,
    compiled,
    first,
    inlined,
    load,
    repeated,
    store,
    zeros,
)
from dagster_project.lib.ingest.compiled.mending import ENDS, STARTS, Marks, mended
from dagster_project.lib.ingest.compiled.views import VIEW_BYTES, write_view

IRREGULAR = -1
_QUOTE, _FEED, _RETURN = 34, 10, 13
_LEAST_QUOTED = 3
"""Bytes of a quoted cell that is empty, with its separator: half of the cells of an export."""
_THREE_BYTES = np.uint64(0xFFFFFF)


@inlined
def _next(data: Array, at: int, size: int, one: Word, other: Word) -> int:
    """Where one of two bytes stands next, each given eight times in a word; no less than `size` if none
    does."""
    found = zeros(load(data, at) ^ one) | zeros(load(data, at) ^ other)
    while not found and at < size:
        at += 8
        found = zeros(load(data, at) ^ one) | zeros(load(data, at) ^ other)
    return at + first(found) if found else at


@inlined
def _copied(data: Array, begin: int, end: int, side: Array, used: int) -> int:
    """Copies bytes behind those that are used of `side`; how many are used then."""
    for at in range(begin, end):
        side[used] = data[at]
        used += 1
    return used


@inlined
def _write_empty(views: Array, rows: int, column: int, row: int) -> None:
    """The view of an empty cell."""
    to = (column * rows + row) * VIEW_BYTES
    store(views, to, np.uint64(0))
    store(views, to + VIEW_BYTES // 2, np.uint64(0))


@compiled
def cut(  # noqa: PLR0912, PLR0915 (one loop: what is called is paid for at every cell)
    data: Array,
    size: int,
    mark: int,
    rows: int,
    views: Array,
    side: Array,
    facts: Array,
    marks: Marks,
    mends: bool,
) -> tuple[int, int]:
    """Cuts `rows` lines into views, column by column. Returns how many end in a carriage return too,
    IRREGULAR where a line is no row; and the bytes used of `side`, where cells stand that hold doubled
    quotes.

    `data` has a line feed at `size` and room behind it. `mends`: the cells are canonical. `facts` has a row
    of zeros for each column and gets its longest cell and how many are filled. The views of a column without
    a filled cell are not written: half of an export's columns are like that.
    """
    quotes, separators, feeds = repeated(_QUOTE), repeated(mark), repeated(_FEED)
    empty = np.uint64(mark << 16 | _QUOTE << 8 | _QUOTE)
    width = len(facts)
    at = row = column = used = returns = cells = 0
    while row < rows:
        if not column and at >= size:
            return IRREGULAR, used
        if column < width - 1:
            step = 1 if data[at] == mark else 0
            if load(data, at) & _THREE_BYTES == empty:
                step = _LEAST_QUOTED
            if step:
                if facts[column, 1]:
                    _write_empty(views, rows, column, row)
                column, at = column + 1, at + step
                continue
        buffer = 0
        if data[at] == _QUOTE:
            begin, kept = at + 1, used
            at = _next(data, begin, size, quotes, quotes)
            while at < size and data[at + 1] == _QUOTE:
                used = _copied(data, begin, at + 1, side, used)
                buffer, begin = 1, at + 2
                at = _next(data, begin, size, quotes, quotes)
            if at >= size:
                return IRREGULAR, used
            end = at
            if buffer:
                used = _copied(data, begin, end, side, used)
                begin, end = kept, used
            at += 1
            if data[at] == _RETURN:
                returns += 1
                at += 1
                if data[at] != _FEED:
                    return IRREGULAR, used
        else:
            begin = at
            at = _next(data, at, size, separators, feeds)
            end = at
            if data[at] == _FEED and end > begin and data[end - 1] == _RETURN:
                returns += 1
                end -= 1
        source = side if buffer else data
        if end > begin:
            cells += 1
            facts[column, 0] = max(facts[column, 0], end - begin)
            if mends and (marks.kinds[source[begin]] & STARTS or marks.kinds[source[end - 1]] & ENDS):
                begin, end = mended(source, begin, end, marks)
        if end > begin:
            if not facts[column, 1]:
                for above in range(row):
                    _write_empty(views, rows, column, above)
            write_view(views, (column * rows + row) * VIEW_BYTES, source, begin, end - begin, buffer, begin)
            facts[column, 1] += 1
        elif facts[column, 1]:
            _write_empty(views, rows, column, row)
        if data[at] == mark:
            column += 1
            if column == width:
                return IRREGULAR, used
        elif data[at] != _FEED or column != width - 1 or not cells:
            return IRREGULAR, used
        else:
            row += 1
            column = cells = 0
        at += 1
    return (returns if at >= size else IRREGULAR), used
