"""The buyer's own receiver: the person whom an account mostly orders for is taken for its holder; others
get gifts.

Only orders that show a buyer are asked. A receiver is told apart within an account by the visible part of the
phone (or the home) and the first character of the name: enough among the few receivers of one account, and
also there on channels that mask both.
"""

from __future__ import annotations

import polars as pl

from identity import rules
from identity.records import ORDER, OWNER, RECIPIENT


def own_receiver_edges(records: pl.DataFrame, component: pl.Series) -> pl.DataFrame:
    """Edges from the owner to the receiver of each order that went to the buyer's own receiver.

    `component`: the component of each record by the rules so far (identifiers, orders, contacts). A
    receiver is an account's own if it is the one of at least half of the account's orders, of strictly
    more than any other, and no other account of the same channel has it in as many orders.
    """
    orders = _orders(records, component)
    counted = orders.group_by("channel", "buyer", "receiver").agg(n=pl.len())
    counted = counted.with_columns(
        total=pl.col("n").sum().over("channel", "buyer"),
        best=pl.col("n").max().over("channel", "buyer"),
    )
    main = counted.filter((pl.col("n") == pl.col("best")) & (2 * pl.col("n") >= pl.col("total")))
    main = main.filter(pl.len().over("channel", "buyer") == 1)
    main = main.with_columns(
        most=pl.col("n").max().over("channel", "receiver"),
    ).filter(pl.col("n") == pl.col("most"))
    own = main.filter(pl.len().over("channel", "receiver") == 1).select("channel", "buyer", "receiver")
    return rules.edges(
        orders.join(own, on=["channel", "buyer", "receiver"], how="semi"),
        "node",
        "recipient",
        rules.OWN_RECEIVER,
    )


def _orders(records: pl.DataFrame, component: pl.Series) -> pl.DataFrame:
    """One row per order record with a buyer and a receiver: node, recipient, channel, buyer, receiver."""
    labelled = records.with_columns(component=component)
    owners = labelled.filter(
        (pl.col("record_kind") == ORDER) & (pl.col("role") == OWNER) & pl.col("shows_buyer").fill_null(False)
    ).select("node", "channel", "order_id", buyer="component")
    place = pl.coalesce("phone_mask", "home", "phone")
    first = pl.coalesce(pl.col("name").str.head(1), pl.col("mask_head").str.head(1))
    recipients = labelled.filter((pl.col("record_kind") == ORDER) & (pl.col("role") == RECIPIENT)).select(
        "order_id", recipient="node", receiver=pl.concat_str(place, first, separator="|")
    )
    return owners.join(recipients.drop_nulls("receiver"), on="order_id", how="inner")
