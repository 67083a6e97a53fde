"""Which columns of a parsed text need little mending or none: judged by the ends of all their cells at once.

What mending means stands in cells.py. A column that is called bare or plain by mistake would keep its
decoration or its null words; one that is not costs time alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

_STARTS = b"\t\n\r ='"
_ENDS = b"\t\n\r "
_WORTH_JUDGING_ROWS = 2_000
"""The cells of fewer rows are mended sooner than judged."""
_WIDE_BLANKS = ("\u00a0", "\u3000", "\ufeff", "\u200b")


def plain_columns(table: pa.Table, null_words: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the bare columns (large_string, one chunk, null for empty), whose cells neither begin nor end
    with a blank nor begin with an apostrophe or an equals sign; and of the plain ones among them, no cell of
    which may be one of the null words."""
    if table.num_rows < _WORTH_JUDGING_ROWS:
        return frozenset(), frozenset()
    words = {word.encode() for word in null_words if word}
    bare, plain = set(), set()
    for name, column in zip(table.column_names, table.columns, strict=True):
        is_bare, is_plain = _judged(column.chunk(0), words) if column.num_chunks == 1 else (False, False)
        bare |= {name} if is_bare else set()
        plain |= {name} if is_plain else set()
    return frozenset(bare), frozenset(plain)


def _judged(cells: pa.Array, null_words: set[bytes]) -> tuple[bool, bool]:
    import numpy as np

    if cells.null_count == len(cells):
        return True, True
    if cells.offset:
        return False, False
    _, offsets_buffer, data_buffer = cells.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[: len(cells) + 1]
    data = np.frombuffer(data_buffer, np.uint8)
    lengths = np.diff(offsets)
    filled = lengths > 0
    starts, ends, lengths = offsets[:-1][filled], offsets[1:][filled], lengths[filled]
    first, last = data[starts], data[ends - 1]
    if _among(_STARTS)[first].any() or _among(_ENDS)[last].any():
        return False, False
    if any(_has_wide(data, starts, ends, first, last, blank.encode()) for blank in _WIDE_BLANKS):
        return False, False
    return True, not any((first[lengths == len(word)] == word[0]).any() for word in null_words)


def _has_wide(
    data: npt.NDArray[np.uint8],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    first: npt.NDArray[np.uint8],
    last: npt.NDArray[np.uint8],
    blank: bytes,
) -> bool:
    """Whether a cell begins or ends with a blank of several bytes. In UTF-8 a lead byte has its followers."""
    begins, ending = starts[first == blank[0]], ends[last == blank[-1]]
    for at in range(1, len(blank)):
        begins = begins[data[begins + at] == blank[at]]
    for back in range(2, len(blank) + 1):
        ending = ending[ending >= back]
        ending = ending[data[ending - back] == blank[-back]]
    return bool(len(begins) or len(ending))


def _among(wanted: bytes) -> npt.NDArray[np.bool_]:
    import numpy as np

    table = np.zeros(256, np.bool_)
    table[list(wanted)] = True
    return table
