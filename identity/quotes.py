"""Touchpoint records that quote an order: a chat, a ticket, a payment; who speaks is mostly the order's
owner.

A caller may be a relative: a record whose own name or phone contradicts the order's people links nothing.
"""

from __future__ import annotations

import polars as pl

from identity import rules
from identity.names import FULL as FULL_NAME
from identity.phones import FULL
from identity.records import ORDER, OWNER, RECIPIENT, TOUCHPOINT

RELATIVES_CALL = ("cs_phone_ticket",)
"""Touchpoints where someone other than the buyer often speaks: their records need a fact that agrees."""


def quoted_order_edges(records: pl.DataFrame) -> pl.DataFrame:
    """Edges from a record that quotes an order to the order's owner (`node` numbers).

    A record links if neither its full name nor its full phone contradicts the receiver of the order; on the
    telephone only if one of them agrees.
    """
    orders = records.filter(pl.col("record_kind") == ORDER)
    owners = orders.filter(pl.col("role") == OWNER).group_by("order_id").agg(owner=pl.col("node").min())
    people = (
        orders.filter(pl.col("role") == RECIPIENT)
        .group_by("order_id")
        .agg(
            their_names=pl.col("pinyin").filter(pl.col("name_kind") == FULL_NAME).unique(),
            their_phones=pl.col("phone_mask").drop_nulls().unique(),
        )
    )
    quotes = records.filter((pl.col("record_kind") == TOUCHPOINT) & pl.col("quoted_id").is_not_null())
    told = quotes.join(owners, left_on="quoted_id", right_on="order_id", how="inner")
    told = told.join(people, left_on="quoted_id", right_on="order_id", how="left")
    name = pl.when(pl.col("name_kind") == FULL_NAME).then("pinyin")
    phone = pl.when(pl.col("phone_kind") == FULL).then("phone_mask")
    agrees, contradicts = [], []
    for own, theirs in ((name, "their_names"), (phone, "their_phones")):
        known = own.is_not_null() & (pl.col(theirs).list.len() > 0)
        inside = pl.col(theirs).list.contains(own)
        agrees.append((known & inside).fill_null(False))
        contradicts.append((known & ~inside).fill_null(False))
    fit = ~pl.any_horizontal(contradicts) & (
        ~pl.col("touchpoint").fill_null("").is_in(RELATIVES_CALL) | pl.any_horizontal(agrees)
    )
    return rules.edges(told.filter(fit), "node", "owner", rules.QUOTED_ORDER)
