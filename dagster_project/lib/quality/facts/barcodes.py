"""Barcodes of goods: GTIN-8, -12, -13 and -14, and their check digit (GS1 General Specifications, 7.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

LENGTHS = (8, 12, 13, 14)
LONGEST = max(LENGTHS)


def fault(barcode: pl.Expr) -> pl.Expr:
    """`not_digits`, `length` or `check_digit`; null where the barcode is sound, or there is none."""
    import polars as pl

    text = barcode.str.strip_chars()
    return (
        pl.when(text.is_null() | (text == ""))
        .then(None)
        .when(~text.str.contains(r"^[0-9]+$"))
        .then(pl.lit("not_digits"))
        .when(~text.str.len_chars().is_in(LENGTHS))
        .then(pl.lit("length"))
        .when(weighted_sum(text) % 10 != 0)
        .then(pl.lit("check_digit"))
    )


def check_digit(body: pl.Expr) -> pl.Expr:
    """The digit, as text, that makes a barcode of `body`, which is one digit shorter."""
    import polars as pl

    return ((10 - weighted_sum(body + pl.lit("0")) % 10) % 10).cast(pl.String)


def weighted_sum(digits: pl.Expr) -> pl.Expr:
    """Σ of the digits from the right, weighted 1, 3, 1, 3 …; of a sound barcode a multiple of ten."""
    import polars as pl

    padded = digits.str.zfill(LONGEST)
    return pl.sum_horizontal(
        padded.str.slice(place, 1).cast(pl.Int64, strict=False) * (1 if (LONGEST - place) % 2 else 3)
        for place in range(LONGEST)
    )
