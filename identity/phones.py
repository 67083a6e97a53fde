"""Phone numbers in comparable forms: what kind of number it is, its digits, and the mask that it would show.

Which numbers are shared by many people is a question of degree, asked in `contacts`; nothing here knows
names.
"""

from __future__ import annotations

import polars as pl

FULL, MASKED, VIRTUAL, LANDLINE, DUMMY = "full", "masked", "virtual", "landline", "dummy"

_COUNTRY_CODE = r"^(?:\+|00)?86[\s-]*(1[\d*](?:[\s-]*[\d*]){9}.*)$"
_EXTENSION = r"^(1\d{10})\D+(\d{2,6})$"
_MOBILE = r"^1[3-9]\d{9}$"
_MASKED_MOBILE = r"^(1\d{2})\*+(\d{4})$"
_LANDLINE = r"^(?:0\d{9,11}|400\d{7})$"
_SAME_EIGHT = "|".join(f"{digit}{{8}}" for digit in range(10))
_DUMMY = rf"^(?:1\d{{2}}(?:{_SAME_EIGHT}|12345678|87654321|01234567)|1380013800\d)$"
"""Numbers that a till or a form is fed with: eight equal or running digits after the prefix, 13800138000."""


def phone_forms(values: pl.Series) -> pl.DataFrame:
    """Comparable forms of phone numbers, one row a value, in its order, all text.

    `phone_kind`: full, masked, virtual (with an extension: it expires and is given to others), landline,
    dummy, or null where no number can be read. `phone`: the digits of a full number, landline or dummy,
    digits and extension of a virtual one, else null. `phone_mask`: prefix and last four digits (`1381234`
    for `138****1234`) of a full or masked mobile number, else null.
    """
    text = pl.col("value").str.normalize("NFKC").str.strip_chars().str.replace(_COUNTRY_CODE, "$1")
    digits = pl.col("text").str.replace_all(r"[^\d*]", "")
    forms = values.cast(pl.String).rename("value").to_frame().select(text.alias("text"))
    forms = forms.with_columns(
        digits=digits,
        number=pl.col("text").str.extract(_EXTENSION, 1),
        extension=pl.col("text").str.extract(_EXTENSION, 2),
        shown=pl.col("text").str.replace_all(r"[^\d*]", "").str.replace(_MASKED_MOBILE, "$1$2"),
    )
    kind = (
        pl.when(pl.col("digits").str.contains(_DUMMY) | pl.col("number").str.contains(_DUMMY))
        .then(pl.lit(DUMMY))
        .when(pl.col("number").is_not_null())
        .then(pl.lit(VIRTUAL))
        .when(pl.col("digits").str.contains(_MOBILE))
        .then(pl.lit(FULL))
        .when(pl.col("digits").str.contains(_MASKED_MOBILE))
        .then(pl.lit(MASKED))
        .when(pl.col("digits").str.contains(_LANDLINE))
        .then(pl.lit(LANDLINE))
    )
    forms = forms.with_columns(phone_kind=kind)
    return forms.select(
        "phone_kind",
        phone=pl.when(pl.col("phone_kind").is_in([FULL, LANDLINE, DUMMY]))
        .then("digits")
        .when(pl.col("phone_kind") == VIRTUAL)
        .then(pl.concat_str("number", "extension", separator="-")),
        phone_mask=pl.when(pl.col("phone_kind") == FULL)
        .then(pl.concat_str(pl.col("digits").str.head(3), pl.col("digits").str.tail(4)))
        .when(pl.col("phone_kind") == MASKED)
        .then("shown"),
    )
