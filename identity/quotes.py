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
_ASKED = (
    "node", "record_kind", "role", "order_id", "quoted_id", "touchpoint", "name_kind", "pinyin", "phone_kind",
    "phone_mask",
)  # fmt: skip
QUOTES_CAP = 20
"""Records that may quote one order; a placeholder number has more."""


def quoted_order_edges(records: pl.DataFrame) -> pl.DataFrame:
    """Edges from a record that quotes an order to the order's owner (`node` numbers).

    A record links if neither its full name nor its full phone contradicts the receiver of the order; on the
    telephone only if one of them agrees.
    """
    records = records.select(_ASKED)
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


def quoted_together(held: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Edges between touchpoint records that quote one order of which no order record is there (`held` and
    `ids` as in `accounts`), where the names and accounts among them can be one person's.

    Where the order shows no buyer, it tells of its receiver: who quotes it with another number is somebody
    else. Who telephones must say a name or show a number that the others have, and no other name.
    """
    held = held.select(
        "node", "group", "record_kind", "quoted_id", "order_id", "touchpoint", "sound", "phone_mask",
        "is_parcel",
    )  # fmt: skip
    quoting = held.filter((pl.col("record_kind") == TOUCHPOINT) & pl.col("quoted_id").is_not_null())
    orders = held.filter(pl.col("record_kind") == ORDER).select(quoted_id="order_id").drop_nulls().unique()
    quoting = quoting.join(orders, on="quoted_id", how="anti")
    quoting = quoting.select("node", "group", "quoted_id", "touchpoint", "sound", "is_parcel").filter(
        (pl.col("group").n_unique().over("quoted_id") > 1) & (pl.len().over("quoted_id") <= QUOTES_CAP)
    )
    shown = held.drop_nulls("phone_mask").group_by("group").agg(numbers=pl.col("phone_mask").unique())
    quoting = quoting.join(shown, on="group", how="left").with_columns(pl.col("numbers").fill_null([]))
    met = quoting.select("quoted_id", "group").unique().join(ids, on="group", how="inner")
    several = met.group_by("quoted_id", "kind").agg(n=pl.col("value").n_unique()).filter(pl.col("n") > 1)
    quoting = quoting.join(several, on="quoted_id", how="anti")
    quoting = quoting.join(_of_receivers(quoting, ids), on="quoted_id", how="left")
    quoting = quoting.filter(~_disjoint("numbers", "theirs").fill_null(False))
    calls = pl.col("touchpoint").fill_null("").is_in(RELATIVES_CALL)
    told = (
        quoting.filter(~calls)
        .group_by("quoted_id")
        .agg(names=pl.col("sound").drop_nulls().unique(), phones=pl.col("numbers").explode().drop_nulls())
    )
    told = told.filter(pl.col("names").list.len() <= 1)
    called = quoting.filter(calls).join(told, on="quoted_id", how="inner")
    same_name = pl.col("names").list.contains(pl.col("sound"))
    says_name = pl.col("sound").is_not_null()
    same_number = pl.col("phones").list.set_intersection("numbers").list.len() > 0
    agrees = (says_name & same_name) | same_number
    denies = says_name & (pl.col("names").list.len() > 0) & ~same_name
    own = quoting.filter(~calls).join(told, on="quoted_id", how="semi")
    fit = pl.concat([own, called.filter(agrees & ~denies).select(quoting.columns)])
    return rules.star(fit, ["quoted_id"], rules.QUOTED_ORDER)


def _of_receivers(quoting: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """quoted_id, theirs: the numbers on orders that show no buyer."""
    bare = quoting.filter("is_parcel").join(ids.select("group").unique(), on="group", how="anti")
    return bare.group_by("quoted_id").agg(theirs=pl.col("numbers").explode().drop_nulls())


def _disjoint(one: str, other: str) -> pl.Expr:
    """Both sides show values, and none in common."""
    both = (pl.col(one).list.len() > 0) & (pl.col(other).list.len() > 0)
    return both & (pl.col(one).list.set_intersection(other).list.len() == 0)
