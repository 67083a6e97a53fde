"""Accounts: the records that personal identifiers and orders hold together, and what one tells of its holder.

Which identifiers are personal stands in `keys`; where accounts meet, in `places`.
"""

from __future__ import annotations

import polars as pl

from identity import rules
from identity.components import components_of
from identity.names import FULL as FULL_NAME

PARCELS = ("wechat_shop_order", "app_order_checkout")
"""Touchpoints whose contact is a parcel's receiver; where none is told, a record with an address is one."""
PERSONAL = ("unionid", "user_id", "external_userid", "birthday", "member_no")
"""Facts of which one person has one, as a rule; accounts and openids besides, in each channel or
application."""
FACTS = (
    *PERSONAL, "account", "openid", "app_id", "touchpoint", "name_kind", "name", "pinyin", "mask_head",
    "home", "adcode", "addressee_id",
)  # fmt: skip
"""The columns of the record table, besides its keys, that are asked for what an account tells."""
_KEY = ("record_kind", "source", "channel", "source_record_id", "role")
KNOWN = ("first", "full", "sound")
"""What is known of a name: its first character, the whole, how it sounds."""


def account(records: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    """The account of each record: the least node that identifiers and orders join it to (`known`: their
    edges)."""
    keys = records.select(_KEY)
    if keys.hash_rows().n_unique() < keys.height:
        key = pl.concat_str(_KEY, separator="\x1f", ignore_nulls=True)
        known = pl.concat([known, rules.star(records.select("node", key=key), ["key"], rules.ORDER)])
    return components_of(records.height, known).cast(pl.Int64)


def holders(records: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The records with `group`, their account, and what they show of a name, else what their account does
    where it shows only one: `first` character, `full` name, its `sound`."""
    full = pl.col("name_kind") == FULL_NAME
    first = pl.coalesce(pl.col("name").str.head(1), pl.col("mask_head").replace("", None).str.head(1))
    held = records.with_columns(
        group=account(records, known),
        first=first,
        is_parcel=is_parcel(),
        is_told=is_told(),
        full=pl.when(full).then("name"),
        sound=pl.when(full).then("pinyin"),
    )
    shown = held.select("group", *KNOWN)
    only = (
        shown.filter(pl.len().over("group") > 1)
        .group_by("group")
        .agg(
            pl.when(pl.col(name).drop_nulls().n_unique() == 1)
            .then(pl.col(name).drop_nulls().first())
            .alias(f"only_{name}")
            for name in KNOWN
        )
    )
    told = shown.join(only, on="group", how="left", maintain_order="left")
    return held.with_columns(told.select(pl.coalesce(name, f"only_{name}").alias(name) for name in KNOWN))


def held_ids(held: pl.DataFrame) -> pl.DataFrame:
    """group, kind, value: the identifiers of each account (`group`) of which one person has one, as a
    rule."""
    kinds = {
        "account": pl.concat_str(pl.lit("account "), pl.col("account").str.extract(r"^([^|]*)\|")),
        "openid": pl.concat_str(pl.lit("openid "), pl.coalesce("app_id", "touchpoint")),
    }
    parts = [
        held.select("group", kind=kinds.get(name, pl.lit(name)), value=name).drop_nulls().unique()
        for name in (*PERSONAL, "account", "openid")
    ]
    return pl.concat(parts)


def lone(held: pl.DataFrame, ids: pl.DataFrame) -> pl.Series:
    """Of each record (`holders`) whether its account, one with identifiers (`held_ids`), shows nothing but
    one parcel: of such parcels one in ten to twenty is a gift, and nothing tells which."""
    known = pl.col("group").is_in(ids["group"].unique().implode())
    one = pl.col("is_parcel").all().over("group") & (pl.col("is_told").sum().over("group") == 1)
    return held.select(is_lone=known & one).to_series()


def is_parcel() -> pl.Expr:
    with_address = pl.any_horizontal(pl.col("home", "adcode", "addressee_id").is_not_null())
    told = pl.col("touchpoint").is_in(PARCELS).fill_null(False)
    return told | (pl.col("touchpoint").is_null() & with_address)


def is_told() -> pl.Expr:
    """Of rows that tell one record, true of the first: a record that is told twice counts once."""
    return pl.col("node") == pl.col("node").min().over(_KEY)
