"""Text cells in canonical form, and cells that are too large.

Types are made later; here every cell stays text or becomes null. Each question is asked of all columns at
once: a file of fifty rows costs as many calls as one of a million.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import polars as pl

NULL_WORDS = ("", "-", "--", "—", "/", "null", "NULL")
LARGEST_CELL_BYTES = 1 << 20
STACKED_CELLS = 1 << 20
"""Cells that are mended in one go."""
BLANKS = " \t\r\n\u00a0\u3000\ufeff\u200b"


def widths(frame: pl.DataFrame) -> dict[str, int]:
    """Bytes of the longest cell of each column; 0 for a column without any."""
    longest = frame.select(pl.all().str.len_bytes().max().fill_null(0))
    return {name: int(longest[name][0]) for name in frame.columns} if frame.width else {}


def all_null_words(declared: Iterable[str]) -> list[str]:
    """The words that stand for an empty cell everywhere, and those that a contract declares."""
    return [*dict.fromkeys((*NULL_WORDS, *declared))]


def canonical_cells(
    frame: pl.DataFrame,
    longest: Mapping[str, int],
    null_words: Iterable[str] = (),
    plain: Collection[str] = (),
    bare: Collection[str] = (),
) -> pl.DataFrame:
    """Strips blanks and a leading apostrophe, unwraps ="…", and makes the null words null. Columns named
    `plain` stay as they are, of those named `bare` only null words are looked for.

    Columns are laid end to end and mended together, a stack at a time: for a file of fifty rows and seventy
    columns that is 15 times as fast as one expression per column.
    """
    words = all_null_words(null_words)
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    columns = {name: frame[name] if name in plain else empty for name in frame.columns}
    filled = [name for name in frame.columns if longest[name] and name not in plain]
    dressed, undressed = [n for n in filled if n not in bare], [n for n in filled if n in bare]
    per_stack = max(1, STACKED_CELLS // max(frame.height, 1))
    for group, mend in ((dressed, _undressed), (undressed, None)):
        for start in range(0, len(group), per_stack):
            names = group[start : start + per_stack]
            stack = pl.concat([frame[name] for name in names], rechunk=True)
            stack = mend(stack) if mend else stack
            stack = stack.set(stack.is_in(words).fill_null(False), None)
            for position, name in enumerate(names):
                columns[name] = stack.slice(position * frame.height, frame.height)
    return pl.DataFrame(columns)


def _undressed(cells: pl.Series) -> pl.Series:
    cells = cells.str.strip_chars(BLANKS)
    wrapped = cells.str.starts_with('="')
    if wrapped.any():
        bare = cells.filter(wrapped).str.replace(r'^="([\s\S]*)"$', "${1}").str.strip_chars(BLANKS)
        cells = cells.clone().scatter(wrapped.arg_true(), bare)
    if cells.str.starts_with("'").any():
        cells = cells.str.strip_prefix("'")
    return cells


def too_large(frame: pl.DataFrame, longest: Mapping[str, int]) -> dict[str, pl.Series]:
    """Per column that has any: true where a cell is over 1 MB."""
    return {
        name: (frame[name].str.len_bytes() > LARGEST_CELL_BYTES).fill_null(False)
        for name in frame.columns
        if longest[name] > LARGEST_CELL_BYTES
    }
