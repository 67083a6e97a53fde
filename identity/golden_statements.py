"""What each record says of its customer, field by field: the material that golden records are chosen from.

Frames in, frames out; values are tokens and masks, or identifiers that the lake holds plainly. Which
statement is the best is decided in `golden`.
"""

from __future__ import annotations

import polars as pl

from identity.records import ORDER, RECIPIENT, TOUCHPOINT

PERSONAL = ("name", "phone", "birthday", "email", "address")
"""Fields of which the lake holds token and mask."""
PLAIN = ("gender", "member_no", "unionid")
"""Fields that stand in the lake as they are."""
OF_RECEIVER = ("name", "phone", "address")
"""What an order says of its receiver; of its buyer it says the unionid alone."""
ORDER_STATES = {
    "unionid": "unionid",
    **{f"receiver_{f}_{part}": f"receiver_{f}" for f in OF_RECEIVER for part in ("token", "mask")},
}
RECORD_STATES = {
    **{f"{field}_{part}": field for field in PERSONAL for part in ("token", "mask")},
    **{field: field for field in PLAIN},
}
"""Physical column of the lake → canonical column whose presence in a file means that the file carries it."""
STATEMENT_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(
        ("customer_id", "field", "value", "mask", "source", "channel", "source_record_id", "role"), pl.String
    ),
    "touchpoint": pl.String,
    "stated_at": pl.Datetime("us"),
}
_GENDERS = {
    "male": ("男", "男性", "先生", "m", "male", "1"),
    "female": ("女", "女性", "女士", "f", "female", "2"),
}
_GENDER_OF = {word: gender for gender, words in _GENDERS.items() for word in words}
_NO_VALUE = r"^(?:|-+|0+|null|none|nan|na|n/a|unknown|无|未知|空)$"


def statements(orders: pl.DataFrame, records: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """One row per record and field that it fills, columns of `STATEMENT_SCHEMA`.

    `orders`, `records`: the newest state of each order and touchpoint record (`newest.newest` with
    `ORDER_STATES`, `RECORD_STATES`). `members`: columns of `ids.MEMBER_SCHEMA`. A receiver's name, phone and
    address belong to the customer who receives. `value` is what tells two values apart: the token, or the
    identifier itself.
    """
    touchpoint = pl.coalesce("touchpoint", pl.when(pl.col("record_kind") == ORDER).then(pl.lit(ORDER)))
    named = members.select(
        "customer_id",
        "source",
        "channel",
        "source_record_id",
        "role",
        "record_kind",
        touchpoint=touchpoint,
        stated_at=pl.coalesce("occurred_at", "exported_at"),
    )
    ordered = named.filter(record_kind=ORDER).join(
        orders.rename({"channel_order_id": "source_record_id"}),
        on=["source", "channel", "source_record_id"],
        how="inner",
    )
    touched = named.filter(record_kind=TOUCHPOINT).join(
        records, on=["source", "source_record_id"], how="inner"
    )
    received, bought = ordered.filter(role=RECIPIENT), ordered.filter(pl.col("role") != RECIPIENT)
    parts = [
        _of(received, field, f"receiver_{field}_token", f"receiver_{field}_mask") for field in OF_RECEIVER
    ]
    parts += [_of(touched, field, f"{field}_token", f"{field}_mask") for field in PERSONAL]
    parts += [_of(rows, "unionid", "unionid") for rows in (bought, touched)]
    parts += [_of(touched, field, field) for field in PLAIN if field != "unionid"]
    return pl.concat([pl.DataFrame(schema=STATEMENT_SCHEMA), *parts])


def _of(rows: pl.DataFrame, field: str, value: str, mask: str | None = None) -> pl.DataFrame:
    text = pl.col(value)
    if mask is None:
        text = text.str.strip_chars()
        text = pl.when(~text.str.to_lowercase().str.contains(_NO_VALUE)).then(text)
    if field == "gender":
        text = text.str.to_lowercase().replace_strict(_GENDER_OF, default=None, return_dtype=pl.String)
    return (
        rows.with_columns(value=text, mask=pl.col(mask) if mask else hidden(text, field))
        .filter(pl.col("value").is_not_null())
        .select(*[name for name in STATEMENT_SCHEMA if name != "field"], field=pl.lit(field))
        .select(*STATEMENT_SCHEMA)
        .cast(STATEMENT_SCHEMA)  # type: ignore[arg-type]
    )


def hidden(value: pl.Expr, field: str) -> pl.Expr:
    """The mask of an identifier: its first and last two characters; a gender is shown as it is."""
    if field == "gender":
        return value
    short = value.str.len_chars() < 8
    return pl.when(short).then(pl.lit("***")).otherwise(value.str.head(2) + "***" + value.str.tail(2))
