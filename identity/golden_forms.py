"""How complete each personal value is, and which values are one in two spellings: told by tokens alone.

It reads plain values, so it belongs in the vault's zone; what comes out names none. Which value is the best
of a customer is decided in `golden`.
"""

from __future__ import annotations

import polars as pl

from identity import names, phones
from identity.records import NO_BIRTHDAY

COMPLETE, MOSTLY, PARTIAL = 3, 2, 1
"""A whole value; one that lacks little (a house without the room, a landline); a masked or expiring one."""
KINDS = ("phone", "name", "email", "birthday")
FORM_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "token": pl.String,
    "completeness": pl.Int8,
    "same": pl.String,
}
_PHONES = {phones.FULL: COMPLETE, phones.LANDLINE: MOSTLY, phones.VIRTUAL: PARTIAL, phones.MASKED: PARTIAL}
_NAMES = {names.FULL: COMPLETE, names.MASKED: PARTIAL, names.SURNAME: PARTIAL}
_MOSTLY_VISIBLE = ("number", "building", "unit")


def forms(values: pl.DataFrame) -> pl.DataFrame:
    """Columns of `FORM_SCHEMA`, one row a token of the vault rows `values` (token, kind, value).

    `same` is equal for two spellings of one value: it is the least of their tokens. A value that says nothing
    (a dummy number, 匿名, a birthday that a form filled in) has no row.
    """
    known = values.select("token", "kind", "value").drop_nulls().unique("token", maintain_order=True)
    told = [pl.DataFrame(schema=FORM_SCHEMA)]
    told += [_told(of_kind(known.filter(kind=kind))) for kind, of_kind in _READ.items()]
    return pl.concat(told)


def address_forms(addresses: pl.DataFrame) -> pl.DataFrame:
    """The same for addresses (address_token, address_key_token, visible_to), in the same columns."""
    depth = (
        pl.when(pl.col("visible_to") == "room")
        .then(COMPLETE)
        .when(pl.col("visible_to").is_in(_MOSTLY_VISIBLE))
        .then(MOSTLY)
        .otherwise(PARTIAL)
    )
    return addresses.select(
        token="address_token",
        completeness=depth.cast(pl.Int8),
        same=pl.coalesce("address_key_token", "address_token"),
    ).unique("token", maintain_order=True)


def _told(read: pl.DataFrame) -> pl.DataFrame:
    """From token, completeness and the value's plain form to the columns of `FORM_SCHEMA`."""
    least = pl.col("token").min().over("plain")
    kept = read.filter(pl.col("completeness").is_not_null() & pl.col("plain").is_not_null())
    return kept.select("token", "completeness", same=least).cast(FORM_SCHEMA)  # type: ignore[arg-type]


def _phones(known: pl.DataFrame) -> pl.DataFrame:
    read = phones.phone_forms(known["value"]).with_columns(known["token"])
    kind = pl.col("phone_kind").replace_strict(_PHONES, default=None, return_dtype=pl.Int8)
    return read.select("token", completeness=kind, plain=pl.coalesce("phone", "phone_mask"))


def _names(known: pl.DataFrame) -> pl.DataFrame:
    read = names.name_forms(known["value"]).with_columns(known["token"])
    kind = pl.col("name_kind").replace_strict(_NAMES, default=None, return_dtype=pl.Int8)
    shown = pl.concat_str("mask_head", pl.lit("*"), "mask_tail")
    return read.select("token", completeness=kind, plain=pl.coalesce("name", shown))


def _emails(known: pl.DataFrame) -> pl.DataFrame:
    value = pl.col("value").str.strip_chars().str.to_lowercase()
    whole = value.str.contains(r"^[^@\s*]+@[^@\s*]+\.[^@\s*]+$")
    masked = value.str.contains(r"\*.*@")
    completeness = pl.when(whole).then(COMPLETE).when(masked).then(PARTIAL)
    return known.select("token", completeness=completeness, plain=value)


def _birthdays(known: pl.DataFrame) -> pl.DataFrame:
    digits = pl.col("value").str.replace_all(r"\D", "").str.head(8)
    real = (digits.str.len_chars() == 8) & ~digits.str.contains(NO_BIRTHDAY)
    return known.select("token", completeness=pl.when(real).then(COMPLETE), plain=digits)


_READ = {"phone": _phones, "name": _names, "email": _emails, "birthday": _birthdays}
