"""Text cells in canonical form, and the signs that a spreadsheet program has damaged a file's ids.

Types are made later; here every cell stays text or becomes null.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError

NULL_WORDS = ("", "-", "--", "—", "/", "null", "NULL")
LARGEST_CELL_BYTES = 1 << 20
TOTALS = r"^(合\s*计|总\s*计|小\s*计)\s*([:：].*)?$"
_BLANK = " \t\r\n\u00a0\u3000\ufeff\u200b"
_SCIENTIFIC = r"^\d(\.\d+)?[Ee]\+\d+$"
_EXCEL_DIGITS = 15
"""A double holds 15 decimal digits; a spreadsheet program writes zeros for the rest of a longer id."""
_DAMAGE_EVIDENCE_DIGITS = 3
"""Zeros beyond the 15th digit, over all distinct ids, that chance does not bring about (1 in 1,000)."""


def canonical_cells(frame: pl.DataFrame, null_words: Iterable[str] = ()) -> pl.DataFrame:
    """Strips blanks and a leading apostrophe, unwraps ="…", and makes the null words null."""
    words = [*dict.fromkeys((*NULL_WORDS, *null_words))]
    longest = frame.select(pl.all().str.len_bytes().max())
    wrapped = frame.select(pl.all().str.contains('="', literal=True).any())

    def cell(name: str) -> pl.Expr:
        if not longest[name][0]:
            return pl.lit(None, pl.String).alias(name)
        text = pl.col(name).str.strip_chars(_BLANK)
        if wrapped[name][0]:
            text = text.str.replace(r'^="([\s\S]*)"$', "${1}").str.strip_chars(_BLANK)
        text = text.str.strip_prefix("'")
        return pl.when(~text.is_in(words)).then(text).alias(name)

    return frame.select(cell(name) for name in frame.columns) if frame.width else frame


def totals_rows(frame: pl.DataFrame) -> pl.Series:
    """True where the first filled cell of a row says that the row is a total."""
    if not frame.width or not frame.height:
        return pl.Series([False] * frame.height, dtype=pl.Boolean)
    return frame.select(pl.coalesce(pl.all()).str.contains(TOTALS).fill_null(False)).to_series()


def too_large(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """Per column that has any: true where a cell is over 1 MB."""
    longest = frame.select(pl.all().str.len_bytes().max().fill_null(0))
    return {
        name: (frame[name].str.len_bytes() > LARGEST_CELL_BYTES).fill_null(False)
        for name in frame.columns
        if longest[name][0] > LARGEST_CELL_BYTES
    }


def refuse_damaged_ids(frame: pl.DataFrame, columns: Iterable[str], rows: int) -> None:
    """Refuses a file whose ids a spreadsheet program has rounded: 6.91793E+18, or zeros beyond 15 digits."""
    for name in columns:
        ids = frame[name].drop_nulls()
        scientific = ids.filter(ids.str.contains(_SCIENTIFIC))
        if scientific.len():
            raise _damaged(name, scientific[0], rows)
        long = ids.filter(ids.str.contains(r"^\d{15,}$")).unique()
        if long.len() and _rounded(long):
            raise _damaged(name, long[0], rows)


def _rounded(ids: pl.Series) -> bool:
    beyond = ids.str.slice(_EXCEL_DIGITS)
    zeros = beyond.str.len_bytes().sum()
    if zeros and beyond.str.contains("[1-9]").any():
        return False
    return zeros >= _DAMAGE_EVIDENCE_DIGITS or (ids.len() > 1 and bool(ids.str.ends_with("000").all()))


def _damaged(column: str, example: str, rows: int) -> FileRefusedError:
    return FileRefusedError(
        "damaged_ids",
        f"a spreadsheet program has rounded the ids of {column} (such as {example}); "
        "export the file again and do not save it from a spreadsheet program",
        rows,
    )
