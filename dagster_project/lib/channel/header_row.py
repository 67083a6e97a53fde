"""Which row of a table names its columns, where no contract says what the names are."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from dagster_project.lib.ingest.readers.headers import HEADER_SCAN_ROWS, canonical_header

_VALUE = re.compile(r"^[-+¥￥]?[\d.,:/\-\s%年月日时分秒TZ]*\d[\d.,:/\-\s%年月日时分秒TZ元]*$")
"""A number, an amount, a time or an id: what stands below a header, not in it."""
_LONGEST_NAME = 60


@dataclass
class Grid:
    """Rows of cells, and the line (from 1) on which each begins; by default one line a row."""

    rows: list[list[str | None]]
    lines: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.lines or list(range(1, len(self.rows) + 1))

    def known_names(self, known: Collection[str]) -> int:
        """Most known names in one of the first rows."""
        rows = self.rows[:HEADER_SCAN_ROWS]
        return max((_known(row, known) for row in rows), default=0)


def header_row(grid: Grid, known: Collection[str]) -> int | None:
    """Index of the header: the row with the most known names; where none has two, the first row of distinct
    words as wide as the rows below it. None where no row is like that."""
    rows = grid.rows[:HEADER_SCAN_ROWS]
    counts = [_known(row, known) for row in rows]
    if counts and max(counts) > 1:
        return counts.index(max(counts))
    width = max((_filled(row) for row in grid.rows[: HEADER_SCAN_ROWS * 2]), default=0)
    likely = [i for i, row in enumerate(rows) if _is_like_a_header(row) and 2 * _filled(row) > width]
    return likely[0] if likely else None


def _known(row: list[str | None], known: Collection[str]) -> int:
    return len({canonical_header(cell) for cell in row if cell} & set(known))


def _filled(row: list[str | None]) -> int:
    return sum(1 for cell in row if cell and cell.strip())


def _is_like_a_header(row: list[str | None]) -> bool:
    names = [cell.strip() for cell in row if cell and cell.strip()]
    return (
        len(names) > 1
        and len(set(names)) == len(names)
        and all(len(name) <= _LONGEST_NAME and not _VALUE.match(name) for name in names)
    )
