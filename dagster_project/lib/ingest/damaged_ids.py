"""The signs that a spreadsheet program has rounded a file's ids: 6.91793E+18, or zeros beyond the 15th
digit."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError

_SCIENTIFIC = r"^\d(\.\d+)?[Ee]\+\d+$"
_LONG = r"^\d{15,}$"
_EXCEL_DIGITS = 15
"""A double holds 15 decimal digits; a spreadsheet program writes zeros for the rest of a longer id."""
_DAMAGE_EVIDENCE_DIGITS = 3
"""Zeros beyond the 15th digit, over all distinct ids, that chance does not bring about (1 in 1,000)."""


def refuse_damaged_ids(frame: pl.DataFrame, columns: Sequence[str], rows: int) -> None:
    """Refuses a file with a column of rounded ids. A long id whose last digit is none of zero clears its
    column."""
    if not columns or not frame.height:
        return
    signs = frame.select(
        expression
        for name in columns
        for expression in (
            pl.col(name).filter(pl.col(name).str.contains(_SCIENTIFIC)).first().alias(f"{name} scientific"),
            (pl.col(name).str.contains(_LONG) & ~pl.col(name).str.ends_with("0"))
            .any()
            .alias(f"{name} whole"),
        )
    )
    for name in columns:
        example = signs[f"{name} scientific"][0]
        if example is None and not signs[f"{name} whole"][0]:
            long = frame[name].drop_nulls().unique()
            long = long.filter(long.str.contains(_LONG))
            example = long[0] if long.len() and _rounded(long) else None
        if example is not None:
            raise FileRefusedError(
                "damaged_ids",
                f"a spreadsheet program has rounded the ids of {name} (such as {example}); "
                "export the file again and do not save it from a spreadsheet program",
                rows,
            )


def _rounded(ids: pl.Series) -> bool:
    beyond = ids.str.slice(_EXCEL_DIGITS)
    zeros = int(beyond.str.len_bytes().sum())
    if zeros and beyond.str.contains("[1-9]").any():
        return False
    return zeros >= _DAMAGE_EVIDENCE_DIGITS or (ids.len() > 1 and bool(ids.str.ends_with("000").all()))
