"""What stands in the lake for a personal value of a known kind: enough to recognise it, too little to use
it."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

ENCRYPTED = r"^(\$\$|##|~|\$)."
HIDDEN = "***"
_PHONE_NOISE = r"[\s\u200b]"
_COUNTRY_CODE = r"^(\+?0{0,2}86)[-\s]?(1\d{10})"


@lru_cache
def normalised(kind: str, name: str) -> pl.Expr:
    """`normalise` of a column, made once."""
    return normalise(kind, pl.col(name))


@lru_cache
def masked(kind: str, name: str) -> pl.Expr:
    """`mask` of a column, made once: of small files, making the expression costs more than its work."""
    return mask(kind, pl.col(name))


def normalise(kind: str, value: pl.Expr) -> pl.Expr:
    """The value that the token is made of: a phone without country code and blanks, an e-mail in lower
    case, everything else as it is."""
    if kind == "phone":
        plain = value.str.replace_all(_PHONE_NOISE, "").str.replace(_COUNTRY_CODE, "${2}")
        grouped = plain.str.replace(r"^(1\d{2})-(\d{4})-(\d{4})$", "${1}${2}${3}")
        return pl.when(value.str.contains(ENCRYPTED)).then(value).otherwise(grouped)
    return value.str.to_lowercase() if kind == "email" else value


def mask(kind: str, value: pl.Expr) -> pl.Expr:
    """The mask of a value (null for null); an encrypted value is hidden whole."""
    masked = {
        "phone": _phone(value),
        "name": value.str.slice(0, 1) + "*",
        "account": value.str.slice(0, 1) + HIDDEN,
        "email": pl.when(value.str.contains("@", literal=True))
        .then(value.str.slice(0, 1) + HIDDEN + "@" + value.str.extract(r"@([^@]*)$"))
        .otherwise(value.str.slice(0, 1) + HIDDEN),
        "birthday": pl.when(value.str.contains(r"^\d{4}\D"))
        .then(value.str.slice(0, 4) + "-**-**")
        .otherwise(pl.lit(HIDDEN)),
    }.get(kind, pl.lit(HIDDEN))
    hidden = pl.when(value.str.contains(ENCRYPTED)).then(pl.lit(HIDDEN)).otherwise(masked)
    return pl.when(value.is_not_null()).then(hidden)


def _phone(value: pl.Expr) -> pl.Expr:
    return (
        pl.when(value.str.contains(r"^1\d{10}$"))
        .then(value.str.slice(0, 3) + "****" + value.str.slice(7, 4))
        .when(value.str.contains(r"^1\d{10}\D"))
        .then(value.str.slice(0, 3) + "****" + value.str.slice(7, 4) + "-" + HIDDEN)
        .when(value.str.contains(r"^1\d{0,2}\*+\d{4}$"))
        .then(value)
        .otherwise(pl.lit(HIDDEN))
    )


def mask_address(parts: list[str]) -> pl.Expr:
    """Province, city and district as far as the source shows them, and *** for the rest."""
    known = pl.concat_str([pl.col(part).fill_null("") for part in parts[:3]])
    detailed = pl.any_horizontal([pl.col(part).is_not_null() for part in parts[3:]])
    shown = known + pl.when(detailed).then(pl.lit(HIDDEN)).otherwise(pl.lit(""))
    return pl.when(pl.any_horizontal([pl.col(part).is_not_null() for part in parts])).then(shown)
