"""Which cells of unmapped columns may hold a personal value, told by the kinds of their bytes, so that
patterns are looked for in few of them. Compiled; the patterns themselves stand in free_text.py.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from dagster_project.lib.ingest.by_value import by_value
from dagster_project.lib.ingest.personal.free_text import CANDIDATE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_ESCAPED = r'["\\\x00-\x1f]'
"""What JSON writes otherwise than it stands in the cell: then the object itself must be looked at."""


def may_be_private(cells: pl.DataFrame) -> pl.Series:
    """For each row whether the JSON object of these cells may match `CANDIDATE`; never false where it does.

    No pattern goes over the quotes around a cell or a name, so each is looked at by itself.
    """
    found = pl.Series([False]).new_from_index(0, cells.height)
    names = pl.Series(cells.columns, dtype=pl.String)
    private = dict(zip(cells.columns, names.str.contains(f"{CANDIDATE}|{_ESCAPED}"), strict=True))
    for name in cells.columns:
        if private[name]:
            found |= cells[name].is_not_null()
        elif (suspects := _suspects(cells[name])) is not None:
            found |= suspects
    return found


def _suspects(cells: pl.Series) -> pl.Series | None:
    from dagster_project.lib.ingest.compiled.kinds import suspicious

    found = pl.Series(suspicious(cells))
    if not found.any():
        return None
    distinct = by_value(cells.filter(found))
    matches = distinct.values.str.contains(f"{CANDIDATE}|{_ESCAPED}")
    if not matches.any():
        return None
    return (
        pl.Series([False]).new_from_index(0, cells.len()).scatter(found.arg_true(), distinct.spread(matches))
    )


@lru_cache(maxsize=1)
def digit_weights() -> npt.NDArray[np.int64]:
    """What may begin a digit counts one: ASCII's, and the first byte of those of other scripts (Unicode's
    Nd in UTF-8), which patterns take for digits too."""
    import numpy as np

    weights = np.zeros(256, np.int64)
    weights[48:58] = 1
    weights[[0xD9, 0xDB, 0xDF, 0xE0, 0xE1, 0xEA, 0xEF, *range(0xF0, 0xF5)]] = 1
    return weights
