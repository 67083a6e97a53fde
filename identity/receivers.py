"""The buyer's own receiver: whom an account mostly orders for is taken for its holder; others get gifts.

Only orders that show a buyer are asked. A receiver is told apart within an account by the visible part
of the phone (or the home) and the first character of the name: enough among the few receivers of one
account, and also there on channels that mask both. Where one order shows a number and the next a mask or a
virtual one, the rules so far tell that both are one person.
"""

from __future__ import annotations

import polars as pl

from identity import rules
from identity.components import components_of
from identity.records import ORDER, OWNER, RECIPIENT

LEAST_ORDERS = 2
"""Orders that make a receiver one's own. A single one is a gift in about 5 of 100 accounts (0.956 right
on the demo merchant, two and more 0.997), so it needs a second sign."""
_ASKED = (
    "node", "record_kind", "role", "channel", "order_id", "occurred_at", "shows_buyer", "phone_mask", "phone",
    "home", "name", "pinyin", "mask_head",
)  # fmt: skip
_FACE = ["channel", "buyer", "face"]
SAME_ERRAND = pl.duration(hours=24)
"""Orders for one person on several channels within this time are mostly the person's own."""


def own_receiver_edges(records: pl.DataFrame, component: pl.Series) -> pl.DataFrame:
    """Edges from the owner to the receiver of each order that went to the buyer's own receiver.

    `component`: the component of each record by the rules so far (identifiers, orders, contacts). A
    receiver is an account's own if it is the one of at least half of the account's orders, of strictly more
    than any other, and no other account of the channel has it in as many; if the account's other records,
    where they tell names or numbers, tell that one; and if there are two such orders, or a name or number
    that agrees, or an order for the same person on another channel within a day.
    """
    orders = _orders(records, component)
    orders = orders.with_columns(face=_faces(orders))
    counted = orders.group_by(_FACE).agg(
        n=pl.len(),
        agrees=pl.col("agrees").any(),
        denies=pl.col("denies").all(),
        errand=pl.col("errand").any(),
    )
    most_of_buyer, total = (
        pl.col("n").max().over("channel", "buyer"),
        pl.col("n").sum().over("channel", "buyer"),
    )
    main = counted.filter((pl.col("n") == most_of_buyer) & (2 * pl.col("n") >= total))
    main = main.filter(pl.len().over("channel", "buyer") == 1)
    main = main.join(_rivalled(orders, main), on=_FACE, how="anti")
    told = (pl.col("n") >= LEAST_ORDERS) | pl.col("agrees") | pl.col("errand")
    own = main.filter(told & ~pl.col("denies"))
    return rules.edges(orders.join(own, on=_FACE, how="semi"), "node", "recipient", rules.OWN_RECEIVER)


def _faces(orders: pl.DataFrame) -> pl.Series:
    """The receiver of each order among those of its account: orders that show one alike, or whose receivers
    are one person by the rules so far."""
    rows = orders.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
    account = ["channel", "buyer"]
    ties = [
        rows.select(left=pl.col("row").min().over(*account, sign), right="row")
        for sign in ("receiver", "person")
    ]
    return components_of(orders.height, pl.concat(ties)).cast(pl.Int64)


def _rivalled(orders: pl.DataFrame, main: pl.DataFrame) -> pl.DataFrame:
    """Of the main receivers of accounts (`_FACE`, n) those that another account of the channel has in as many
    orders, by what they show or by who they are."""
    found = []
    for sign in ("receiver", "person"):
        held = orders.select(*_FACE, sign).unique().join(main.select(*_FACE, "n"), on=_FACE, how="inner")
        at_sign = ["channel", sign]
        is_most = pl.col("n") == pl.col("n").max().over(at_sign)
        found.append(held.filter(~is_most | (is_most.sum().over(at_sign) > 1)).select(_FACE))
    return pl.concat(found).unique()


def _orders(records: pl.DataFrame, component: pl.Series) -> pl.DataFrame:
    """One row per order record with a buyer and a receiver: node, recipient, channel, buyer, receiver,
    and whether the buyer's own name or number agrees with the receiver's, denies it, and whether it is
    one of an errand."""
    labelled = records.select(_ASKED).with_columns(component=component)
    orders = labelled.filter(pl.col("record_kind") == ORDER)
    owners = orders.filter((pl.col("role") == OWNER) & pl.col("shows_buyer").fill_null(False))
    place = pl.coalesce("phone_mask", "home", "phone")
    first = pl.coalesce(pl.col("name").str.head(1), pl.col("mask_head").str.head(1))
    recipients = orders.filter(pl.col("role") == RECIPIENT).select(
        "order_id",
        "phone_mask",
        "pinyin",
        recipient="node",
        person="component",
        receiver=pl.concat_str(place, first, separator="|"),
    )
    known = labelled.group_by("component").agg(
        numbers=pl.col("phone_mask").drop_nulls().unique(), names=pl.col("pinyin").drop_nulls().unique()
    )
    joined = (
        owners.select("node", "channel", "order_id", "occurred_at", buyer="component")
        .join(recipients.drop_nulls("receiver"), on="order_id", how="inner")
        .join(known, left_on="buyer", right_on="component", how="left")
        .join(_errands(orders), on="recipient", how="left")
    )
    signs = [_sign(pl.col("phone_mask"), pl.col("numbers")), _sign(pl.col("pinyin"), pl.col("names"))]
    return joined.with_columns(
        agrees=pl.any_horizontal(sign.fill_null(False) for sign in signs),
        denies=pl.any_horizontal((~sign).fill_null(False) for sign in signs)
        & ~pl.any_horizontal(sign.fill_null(False) for sign in signs),
        errand=pl.col("errand").fill_null(False),
    )


def _sign(value: pl.Expr, known: pl.Expr) -> pl.Expr:
    """Whether the value is among the known ones; null where either side is silent."""
    return pl.when((known.list.len() > 0) & value.is_not_null()).then(known.list.contains(value))


def _errands(orders: pl.DataFrame) -> pl.DataFrame:
    """recipient, errand: receivers' records with one of the same person on another channel within
    SAME_ERRAND."""
    received = orders.filter((pl.col("role") == RECIPIENT) & pl.col("occurred_at").is_not_null())
    timed = received.select("component", "channel", "occurred_at", recipient="node").sort(
        "component", "occurred_at"
    )
    signs = []
    for step in (1, -1):
        other = pl.col("component").shift(step) == pl.col("component")
        elsewhere = pl.col("channel").shift(step) != pl.col("channel")
        near = (pl.col("occurred_at") - pl.col("occurred_at").shift(step)).abs() <= SAME_ERRAND
        signs.append((other & elsewhere & near).fill_null(False))
    return timed.select("recipient", errand=pl.any_horizontal(signs))
