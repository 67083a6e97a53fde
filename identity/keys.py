"""Exact keys: identifiers that belong to one person, and the orders that hold records together.

Each identifier has a cap on how many people it may show; above it, it is a shared or dummy value and links
nothing. Phones, cards, names and addresses are not: see `contacts`.
"""

from __future__ import annotations

import polars as pl

from identity import rules
from identity.accounts import is_parcel
from identity.components import components_of
from identity.records import ORDER, OWNER, RECIPIENT

NAME_CAP = 12
"""Different full names on one identifier, above which it is shared."""
RECEIVER_CAP = 300
"""The same where parcels show them: who resells orders for dozens and hundreds in one account."""
UNIONID_CAP = 3
"""Different WeChat users on one identifier, above which it is shared."""
HOLDER_CAP = {rules.PAYMENT: 20, rules.TICKET: 20}
"""Records that one payment or ticket can have; a placeholder number has more."""
IDENTIFIER_RULES = (
    rules.UNIONID, rules.OPENID, rules.ACCOUNT, rules.USER_ID, rules.WECOM, rules.PAYMENT, rules.TICKET,
    rules.VISITOR,
)  # fmt: skip
FACTS = (
    *IDENTIFIER_RULES, "app_id", "pinyin", "record_kind", "role", "order_id", "parent_id", "shows_buyer",
    "touchpoint", "home", "adcode", "addressee_id",
)  # fmt: skip
"""The columns of the record table that are asked for identifiers and orders."""


def identifier_edges(records: pl.DataFrame) -> pl.DataFrame:
    """Edges between records (with their number in `node`) that share an identifier below its caps.

    An order's payment number speaks for its owner, an addressee number for its receiver, as the record table
    has them; an account of one channel is nobody's on another.
    """
    records = records.with_columns(_in_app(rules.OPENID))
    return rules.join_edges([_shared(records, rule) for rule in IDENTIFIER_RULES])


def order_edges(records: pl.DataFrame) -> pl.DataFrame:
    """Edges within one order: its records from several sources and its split parts, role by role; and its
    owner to its receiver where none of its files shows a buyer."""
    orders = records.select("node", "record_kind", "role", "order_id", "parent_id", "shows_buyer")
    orders = orders.filter(pl.col("record_kind") == ORDER)
    parts = [
        rules.star(_order_numbers(orders.filter(pl.col("role") == role)), ["number"], rules.ORDER)
        for role in (OWNER, RECIPIENT)
    ]
    group = components_of(records.height, pl.concat(parts))
    orders = orders.with_columns(group=pl.Series(group).gather(orders["node"]))
    owners = orders.filter(pl.col("role") == OWNER).with_columns(
        shown=pl.col("shows_buyer").fill_null(False).any().over("group")
    )
    receivers = orders.filter(pl.col("role") == RECIPIENT).select("order_id", receiver="node")
    own = owners.filter(~pl.col("shown")).join(receivers, on="order_id", how="inner")
    return rules.join_edges([*parts, rules.edges(own, "node", "receiver", rules.OWNER_IS_RECEIVER)])


def _shared(records: pl.DataFrame, rule: str) -> pl.DataFrame:
    told = pl.when(~is_parcel()).then("pinyin")
    holders = records.select("node", rule, "pinyin", told=told, unionid_seen="unionid").drop_nulls(rule)
    degree = holders.group_by(rule).agg(
        names=pl.col("told").drop_nulls().n_unique(),
        receivers=pl.col("pinyin").drop_nulls().n_unique(),
        unionids=pl.col("unionid_seen").drop_nulls().n_unique(),
        holders=pl.len(),
    )
    fit = (pl.col("names") <= NAME_CAP) & (pl.col("receivers") <= RECEIVER_CAP)
    fit &= pl.col("unionids") <= UNIONID_CAP
    if rule in HOLDER_CAP:
        fit &= pl.col("holders") <= HOLDER_CAP[rule]
    return rules.star(holders.join(degree.filter(fit), on=rule, how="semi"), [rule], rule)


def _order_numbers(orders: pl.DataFrame) -> pl.DataFrame:
    own = orders.select("node", number="order_id")
    parent = orders.select("node", number="parent_id")
    return pl.concat([own, parent]).drop_nulls().unique()


def _in_app(column: str) -> pl.Expr:
    """An openid, told apart by its application where one openid is seen in several of them."""
    apps = pl.col("app_id").n_unique().over(column) - pl.col("app_id").is_null().any().over(column).cast(
        pl.Int64
    )
    return (
        pl.when(pl.col(column).is_null() | (apps <= 1))
        .then(pl.col(column))
        .otherwise(pl.concat_str(pl.col("app_id"), pl.lit("|"), pl.col(column)))
        .alias(column)
    )
