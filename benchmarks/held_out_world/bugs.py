"""Broken cells: what scripts, spreadsheets and input methods do to right ones. It changes no truth."""

from __future__ import annotations

import polars as pl

from benchmarks.held_out_world.chance import Chance
from benchmarks.held_out_world.rates import rate

_NULL_WORDS = ["null", "-", "无", "N/A", "NULL", "--"]
_SPACED = ("phone", "name", "member_no", "user_id", "channel_order_id", "address")
_NULLED = ("phone", "name", "unionid", "email", "member_no", "birthday")


def broken(chance: Chance, records: pl.DataFrame) -> pl.DataFrame:
    """The records with a few cells broken."""
    count = len(records)
    chosen = lambda name: pl.Series(chance.happens(rate(name), count))  # noqa: E731
    phone, name = pl.col("phone"), pl.col("name")
    form = pl.Series(chance.below(4, count))
    parts = [phone.str.slice(0, 3), phone.str.slice(3, 4), phone.str.slice(7)]
    plain = phone.str.contains(r"^1\d{10}$")
    written = (
        pl.when(form == 0).then(pl.lit("+86") + phone)
        .when(form == 1).then(pl.concat_str(parts, separator="-"))
        .when(form == 2).then(pl.concat_str(parts, separator=" "))
        .otherwise(pl.lit("86-") + phone)
    )  # fmt: skip
    wide = phone.str.replace_many(list("0123456789"), list("０１２３４５６７８９"))
    records = records.with_columns(
        phone=pl.when(plain & chosen("bug_phone_format")).then(written)
        .when(plain & chosen("bug_full_width")).then(wide).otherwise(phone)
    )  # fmt: skip
    swapped = chosen("bug_swapped") & records["phone"].is_not_null() & records["name"].is_not_null()
    records = records.with_columns(
        phone=pl.when(swapped).then(name).otherwise(phone), name=pl.when(swapped).then(phone).otherwise(name)
    )
    word = pl.Series(_NULL_WORDS).gather(chance.below(len(_NULL_WORDS), count))
    records = records.with_columns(
        pl.when(chosen("bug_null_word")).then(pl.col(c).fill_null(word)).otherwise(pl.col(c)).alias(c)
        for c in _NULLED
    )
    return records.with_columns(
        pl.when(chosen("bug_spaces"))
        .then(pl.when(form < 3).then(pl.col(c) + " ").otherwise(pl.lit("\t") + pl.col(c)))
        .otherwise(pl.col(c)).alias(c)
        for c in _SPACED
    )  # fmt: skip
