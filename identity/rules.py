"""The linking rules by name, strongest first, and the form of an edge.

An edge says that two rows of the record table (`left` < `right`, their numbers there) are one person by one
rule. Where a cluster contradicts itself, the weakest rules in it yield first.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

STEWARD, ORDER, OWNER_IS_RECEIVER = "steward", "order", "owner_is_receiver"
UNIONID, OPENID, ACCOUNT, USER_ID, WECOM = "unionid", "openid", "account", "user_id", "external_userid"
MEMBER_NO, ADDRESSEE, PAYMENT, TICKET, VISITOR = (
    "member_no",
    "addressee_id",
    "pay_id",
    "ticket_id",
    "visitor_id",
)
MASK_NAME, MASK_DISTRICT = "mask_name", "mask_district"
PHONE_NAME, PHONE_MASKED_NAME, PHONE_ALONE = "phone_name", "phone_masked_name", "phone_alone"
HOME_NAME, HOME_MASKED_NAME, OWN_RECEIVER = "home_name", "home_masked_name", "own_receiver"
QUOTED_ORDER, DEVICE, MODEL = "quoted_order", "device_id", "model"

RULES = (
    STEWARD, ORDER, OWNER_IS_RECEIVER, UNIONID, OPENID, ACCOUNT, USER_ID, WECOM, PAYMENT, TICKET, VISITOR,
    PHONE_NAME, HOME_NAME, MASK_NAME, MEMBER_NO, QUOTED_ORDER, PHONE_MASKED_NAME, HOME_MASKED_NAME,
    OWN_RECEIVER, MASK_DISTRICT, DEVICE, ADDRESSEE, MODEL, PHONE_ALONE,
)  # fmt: skip
STRENGTH = {rule: place for place, rule in enumerate(RULES)}
"""0 is the strongest."""
LAST_UNCUT = STRENGTH[UNIONID]
"""Rules up to this one are never cut: an order is one order, a unionid one WeChat user. A steward's decision
that two records are apart cuts them all the same."""

EDGE_SCHEMA = {"left": pl.UInt32, "right": pl.UInt32, "rule": pl.String, "probability": pl.Float64}


def edges(frame: pl.DataFrame, left: str, right: str, rule: str) -> pl.DataFrame:
    """Edges between the nodes of two columns, the lesser node first, without loops and repetitions."""
    return (
        frame.select(
            left=pl.min_horizontal(left, right),
            right=pl.max_horizontal(left, right),
            rule=pl.lit(rule),
            probability=pl.lit(None, pl.Float64),
        )
        .filter(pl.col("left") != pl.col("right"))
        .unique()
        .cast(EDGE_SCHEMA)  # type: ignore[arg-type]
    )


def star(frame: pl.DataFrame, key: Sequence[str], rule: str) -> pl.DataFrame:
    """Edges that make one group of all nodes (`node`) with equal, known `key`: the least node to each
    other."""
    known = frame.drop_nulls(list(key))
    return edges(known.with_columns(hub=pl.col("node").min().over(*key)), "hub", "node", rule)


def join_edges(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All edges in a fixed order: left, right, strongest rule first."""
    order = pl.col("rule").replace_strict(STRENGTH, return_dtype=pl.Int32)
    return pl.concat([pl.DataFrame(schema=EDGE_SCHEMA), *parts]).sort("left", "right", order)
