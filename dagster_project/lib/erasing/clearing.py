"""What is taken out of a lake row of an erased customer, and which tokens it held.

Rows and their numbers stay: the merchant's orders, money and accounting are not the person's alone.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from dagster_project.lib.feeds import Feed

if TYPE_CHECKING:
    import polars as pl

OF_OWNER = ("buyer_account", "unionid", "openid", "external_userid", "pay_id")
OF_RECIPIENT = ("receiver_name", "receiver_phone", "receiver_address", "receiver_town", "addressee_id")
OF_EITHER = ("buyer_message", "seller_remark", "extras")
"""Columns of `orders`; the coarse place of a parcel (province to district) stays."""
STAYS = ("touchpoint", "source_record_id", "occurred_at", "channel", "channel_order_id", "consent")
"""Columns of `customer_records` that stay of a row; everything else goes."""
_IN_EXTRAS = r'^\{"_token":"(k[0-9]+_[0-9a-f]{32})"'


def key_columns(feed: Feed) -> tuple[str, ...]:
    """The columns that tell whose a row is; none where a feed's rows are nobody's."""
    if feed.name == "customer_records":
        return ("source", "source_record_id")
    if {"channel", "channel_order_id"} <= feed.columns.keys():
        return ("channel", "channel_order_id")
    return ()


def marked(rows: pl.DataFrame, feed: Feed, erased: Collection[str]) -> dict[str, pl.Series]:
    """Physical column → which of the rows (with `key_columns`) lose it."""
    from identity import erasure

    if feed.name == "customer_records":
        hit = erasure.touchpoints_erased(rows, erased)
        return dict.fromkeys(_physical(feed, [c for c in (*feed.columns, "extras") if c not in STAYS]), hit)
    role = erasure.roles_erased(rows, erased)
    either = role["owner"] | role["recipient"]
    if feed.name == "orders":
        parts = ((OF_OWNER, role["owner"]), (OF_RECIPIENT, role["recipient"]), (OF_EITHER, either))
        return {column: hit for names, hit in parts for column in _physical(feed, names)}
    texts = [column for column in feed.columns.values() if column.free_text]
    lost = [f"{column.name}_token" for column in texts]
    lost += [column.name for column in texts if column.type != "json" and column.name not in feed.key]
    return dict.fromkeys([*lost, "extras"], either)


def any_marked(marks: dict[str, pl.Series]) -> pl.Series:
    """The rows that lose anything."""
    return reduce(or_, marks.values())


def cleared(rows: pl.DataFrame, marks: dict[str, pl.Series]) -> pl.DataFrame:
    """The rows without what is marked."""
    import polars as pl

    return rows.with_columns(
        pl.when(~hit).then(pl.col(name)).alias(name) for name, hit in marks.items() if name in rows.columns
    )


def tokens(rows: pl.DataFrame) -> pl.Series:
    """The tokens that stand in any column of the rows, each once."""
    import polars as pl

    columns = [
        rows[name].str.extract(_IN_EXTRAS) if name == "extras" else rows[name]
        for name, dtype in rows.schema.items()
        if dtype == pl.String and (name == "extras" or name.endswith("_token"))
    ]
    empty = pl.Series("token", [], dtype=pl.String)
    return pl.concat([empty, *(column.alias("token") for column in columns)]).drop_nulls().unique()


def _physical(feed: Feed, names: Collection[str]) -> list[str]:
    return [
        physical
        for name in names
        for physical in (feed.columns[name].physical if name in feed.columns else (name,))
    ]
