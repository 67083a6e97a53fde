"""The record table: one row per live record and role, with every fact that linking may use in comparable
form.

It reads nothing from disk: frames of the lake, of the ledger, of the vault's values and of the standardised
addresses come in. It holds personal values and must never leave the vault's zone. No linking rule belongs
here.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from identity.names import name_forms
from identity.newest import ORDER_KEY, TOUCHPOINT_KEY, newest
from identity.phones import phone_forms

OWNER, RECIPIENT = "owner", "recipient"
ORDER, TOUCHPOINT = "order", "touchpoint"

ORDER_COLUMNS = {
    "parent_order_id": "parent_order_id",
    "buyer_account_token": "buyer_account",
    "unionid": "unionid",
    "openid": "openid",
    "external_userid": "external_userid",
    "addressee_id": "addressee_id",
    "pay_id": "pay_id",
    "receiver_name_token": "receiver_name",
    "receiver_phone_token": "receiver_phone",
    "receiver_address_token": "receiver_address",
    "ordered_at": "ordered_at",
    "paid_at": "paid_at",
}
TOUCHPOINT_COLUMNS = {
    **{
        name: name
        for name in (
            "touchpoint", "occurred_at", "unionid", "openid", "app_id", "external_userid", "user_id",
            "member_no", "pay_id", "addressee_id", "visitor_id", "ticket_id", "device_id", "channel",
            "channel_order_id",
        )
    },
    **{f"{name}_token": name for name in ("buyer_account", "phone", "name", "birthday", "email", "address")},
}  # fmt: skip
IDENTIFIERS = (
    "unionid", "openid", "app_id", "account", "user_id", "member_no", "external_userid", "pay_id",
    "addressee_id", "visitor_id", "ticket_id", "device_id", "email", "birthday",
)  # fmt: skip
CONTACT = (
    "phone_kind", "phone", "phone_mask", "name_kind", "name", "surname", "pinyin", "mask_head", "mask_tail",
    "home", "adcode",
)  # fmt: skip
RECORD_KEY = ("record_kind", "source", "channel", "source_record_id", "role")
"""What tells records apart, and the order in which any of them are looked at."""
RECORD_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(
        ("source", "channel", "source_record_id", "role", "record_kind", "touchpoint"), pl.String
    ),
    **dict.fromkeys(("occurred_at", "exported_at"), pl.Datetime("us")),
    **dict.fromkeys((*IDENTIFIERS, *CONTACT), pl.String),
    **dict.fromkeys(("order_id", "parent_id", "quoted_id"), pl.String),
    "shows_buyer": pl.Boolean,
}
_NO_VALUE = r"^(?:|-+|0+|null|none|nan|na|n/a|unknown|无|未知|空)$"
NO_BIRTHDAY = r"^(?:19000000|\d{4}0101)$"
"""Days that forms fill in by themselves, the first of January above all; a person born on one of them loses
this one fact."""


def build_records(
    orders: pl.DataFrame,
    customer_records: pl.DataFrame,
    batches: pl.DataFrame,
    values: pl.DataFrame,
    addresses: pl.DataFrame,
    *,
    as_of: datetime,
) -> pl.DataFrame:
    """The record table in a fixed order of its keys, columns of `RECORD_SCHEMA`.

    `orders`, `customer_records`: lake rows. `batches`: accepted batches of the ledger. `values`: vault rows
    (token, kind, value). `addresses`: address_token, address_key_token, visible_to, adcode. An order gives an
    owner row and, where it names a receiver, a recipient row; a touchpoint record gives an owner row.
    """
    ordered = newest(orders, batches, ORDER_KEY, ORDER_COLUMNS, as_of)
    touched = newest(customer_records, batches, TOUCHPOINT_KEY, TOUCHPOINT_COLUMNS, as_of)
    lookup = values.unique("token", maintain_order=True)
    table = pl.concat(
        [
            _owners(ordered, lookup),
            _recipients(ordered, lookup, addresses),
            _touchpoints(touched, lookup, addresses),
        ],
        how="diagonal",
    )
    missing = [
        pl.lit(None, dtype).alias(name) for name, dtype in RECORD_SCHEMA.items() if name not in table.columns
    ]
    return (
        table.with_columns(missing)
        .select(*RECORD_SCHEMA)
        .cast(RECORD_SCHEMA)  # type: ignore[arg-type]
        .with_columns(_present(column) for column in IDENTIFIERS)
        .sort(RECORD_KEY, nulls_last=True)
    )


def arranged(table: pl.DataFrame) -> pl.DataFrame:
    """A record table in the order of its keys. Column by column, so that a table which nobody else holds is
    never there twice; a column of one value stands as that value."""
    place = _places(table.select(RECORD_KEY))
    names, columns = table.columns, table.get_columns()
    is_sorted = place.is_sorted()
    del table
    moved, alike = [], []
    while columns:
        column = columns.pop(0)
        nulls = column.null_count()
        if nulls == place.len() or (not nulls and (column == column.first()).all()):
            alike.append(pl.lit(column.first(), column.dtype).alias(column.name))
        else:
            moved.append(column if is_sorted else column.gather(place))
    return pl.DataFrame([place, *moved]).with_columns(alike).select(names)


def _places(keys: pl.DataFrame) -> pl.Series:
    """The rows in the order of their keys. What few kinds of records have in common is compared once, by a
    number: a third of the time and memory of five texts a row."""
    kinds = keys.select(RECORD_KEY[:3]).unique().sort(pl.all(), nulls_last=True).with_row_index("kind")
    told = keys.join(kinds, on=RECORD_KEY[:3], how="left", nulls_equal=True, maintain_order="left")
    by = ["kind", *(column for column in RECORD_KEY[3:] if told[column].n_unique() > 1)]
    return told.select(by).with_row_index("place").sort(by, nulls_last=True)["place"]


def _owners(orders: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    accounts = _plain(values, "account")
    order_id = pl.concat_str("channel", "channel_order_id", separator="|")
    owners = orders.join(accounts, left_on="buyer_account_token", right_on="token", how="left")
    is_card = pl.col("channel") == "pos"
    return owners.select(
        *_order_head(OWNER),
        "unionid",
        "openid",
        "external_userid",
        "pay_id",
        account=pl.when(~is_card).then(pl.concat_str("channel", "value", separator="|")),
        member_no=pl.when(is_card).then("value"),
        order_id=order_id,
        parent_id=pl.concat_str("channel", "parent_order_id", separator="|"),
        shows_buyer=pl.any_horizontal(_present(c).is_not_null() for c in ("value", "unionid", "openid")),
    )


def _recipients(orders: pl.DataFrame, values: pl.DataFrame, addresses: pl.DataFrame) -> pl.DataFrame:
    told = [pl.col(f"receiver_{part}_token").is_not_null() for part in ("name", "phone", "address")]
    named = orders.filter(pl.any_horizontal(*told, pl.col("addressee_id").is_not_null()))
    contacts = _with_contact(named, values, addresses, prefix="receiver_")
    return contacts.select(
        *_order_head(RECIPIENT),
        *CONTACT,
        addressee_id=pl.concat_str(pl.col("channel"), _present("addressee_id"), separator="|"),
        order_id=pl.concat_str("channel", "channel_order_id", separator="|"),
        parent_id=pl.concat_str("channel", "parent_order_id", separator="|"),
    )


def _touchpoints(records: pl.DataFrame, values: pl.DataFrame, addresses: pl.DataFrame) -> pl.DataFrame:
    contacts = _with_contact(records, values, addresses, prefix="")
    for kind, token in (
        ("account", "buyer_account_token"),
        ("email", "email_token"),
        ("birthday", "birthday_token"),
    ):
        plain = _plain(values, kind).rename({"value": f"_{kind}"})
        contacts = contacts.join(plain, left_on=token, right_on="token", how="left")
    is_card = pl.col("channel").fill_null("") == "pos"
    same_names = (
        "unionid",
        "openid",
        "app_id",
        "external_userid",
        "user_id",
        "pay_id",
        "visitor_id",
        "ticket_id",
    )
    return contacts.select(
        "source",
        "channel",
        "source_record_id",
        pl.lit(OWNER).alias("role"),
        pl.lit(TOUCHPOINT).alias("record_kind"),
        "touchpoint",
        "occurred_at",
        "exported_at",
        *same_names,
        "device_id",
        *CONTACT,
        member_no=pl.coalesce("member_no", pl.when(is_card).then("_account")),
        account=pl.when(~is_card).then(pl.concat_str("channel", "_account", separator="|")),
        addressee_id=pl.concat_str(pl.col("channel"), _present("addressee_id"), separator="|"),
        email=pl.col("_email").str.strip_chars().str.to_lowercase(),
        birthday=_birthday(pl.col("_birthday")),
        quoted_id=pl.concat_str("channel", "channel_order_id", separator="|"),
    )


def _order_head(role: str) -> list[pl.Expr]:
    return [
        pl.col("source"),
        pl.col("channel"),
        pl.col("channel_order_id").alias("source_record_id"),
        pl.lit(role).alias("role"),
        pl.lit(ORDER).alias("record_kind"),
        pl.coalesce("ordered_at", "paid_at").alias("occurred_at"),
        pl.col("exported_at"),
    ]


def _with_contact(
    rows: pl.DataFrame, values: pl.DataFrame, addresses: pl.DataFrame, prefix: str
) -> pl.DataFrame:
    """The rows with the columns of `CONTACT`; forms are made of the distinct values only."""
    phones, names = _plain(values, "phone"), _plain(values, "name")
    phones = pl.concat([phones.select("token"), phone_forms(phones["value"])], how="horizontal")
    names = pl.concat([names.select("token"), name_forms(names["value"])], how="horizontal")
    homes = addresses.select(
        "address_token",
        "adcode",
        pl.when(pl.col("visible_to") == "room").then("address_key_token").alias("home"),
    ).unique("address_token", maintain_order=True)
    joined = rows.join(phones, left_on=f"{prefix}phone_token", right_on="token", how="left")
    joined = joined.join(names, left_on=f"{prefix}name_token", right_on="token", how="left")
    return joined.join(homes, left_on=f"{prefix}address_token", right_on="address_token", how="left")


def _plain(values: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Tokens and values of one kind; a masked account is no account, and 无 is no name."""
    plain = values.filter(pl.col("kind") == kind).select("token", _present("value")).drop_nulls()
    if kind in ("account", "email"):
        plain = plain.filter(~pl.col("value").str.contains("*", literal=True))
    return plain


def _present(column: str) -> pl.Expr:
    """The trimmed value of an identifier, null where it says that there is none."""
    text = pl.col(column).str.strip_chars()
    return pl.when(~text.str.to_lowercase().str.contains(_NO_VALUE)).then(text).alias(column)


def _birthday(value: pl.Expr) -> pl.Expr:
    digits = value.str.replace_all(r"\D", "").str.head(8)
    return pl.when((digits.str.len_chars() == 8) & ~digits.str.contains(NO_BIRTHDAY)).then(digits)
