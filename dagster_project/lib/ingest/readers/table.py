"""The one form that every reader hands over: a table of text cells with its names and line numbers.

Nothing here knows a file format, a contract or a type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class BadRow:
    """A row that could not be read into cells, or whose cell is wrong. `raw` is its text, for the vault
    alone."""

    line: int
    code: str
    reason: str
    column: str | None = None
    value: str | None = None
    raw: str | None = None


@dataclass
class RawTable:
    """Cells as text. `raw` has columns c0 … cn in the order of `headers`, or makes them: where the canonical
    cells are made at once, few ask for them. `lines` are 1-based source lines."""

    headers: list[str]
    raw: pl.DataFrame | Callable[[], pl.DataFrame]
    lines: pl.Series
    bad: list[BadRow] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    damaged: bool = True
    """False where no cell can hold U+FFFD, the sign of bytes that were no text."""
    plain: frozenset[str] = frozenset()
    """Columns of the frame whose cells are known to be canonical; empty cells of theirs are null."""
    bare: frozenset[str] = frozenset()
    """Columns whose cells are known to be canonical but for null words."""
    cells: pl.DataFrame | None = None
    """The canonical cells, where the reader made them; then none is too large."""

    @property
    def frame(self) -> pl.DataFrame:
        """The raw cells."""
        self.raw = made(self.raw)
        return self.raw

    @property
    def height(self) -> int:
        """Rows that could be read into cells."""
        return self.lines.len()

    @property
    def rows_read(self) -> int:
        """Rows of the file below the header, unreadable ones included."""
        return self.height + len(self.bad)


def made(raw: pl.DataFrame | Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """The frame, made if it is not yet."""
    return raw() if callable(raw) else raw
