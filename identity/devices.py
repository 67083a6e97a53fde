"""Whether a device is one person's: in one merchant's records it is, in another's a household shares it.

No truth is asked: of two records of a device that both show an account of the app, how often is it the same
account? Where families share devices it is another one in one pair of seven and more; a record without an
account is then anybody's. A function of all records, whatever their order.
"""

from __future__ import annotations

import polars as pl

COLUMNS = ("device_id", "user_id")
LEAST_SHARE, LEAST_PAIRS = 0.92, 100
"""Of pairs with the same account, from which devices link, and how many pairs it takes to tell."""
CROWD = 60
"""Records of one device with an account, above which it is a counter's or a broken value."""


def are_personal(shown: pl.DataFrame) -> bool:
    """`shown`: COLUMNS of all records; those that lack one of them say nothing."""
    counted = shown.select(COLUMNS).drop_nulls().group_by(COLUMNS).agg(n=pl.len().cast(pl.Int64))
    told = counted.group_by("device_id").agg(records=pl.col("n").sum(), same=_pairs("n").sum())
    told = told.filter(pl.col("records") <= CROWD)
    same, pairs = told.select(pl.col("same").sum(), _pairs("records").sum()).row(0)
    return bool(pairs >= LEAST_PAIRS and same >= LEAST_SHARE * pairs)


def _pairs(count: str) -> pl.Expr:
    return pl.col(count) * (pl.col(count) - 1) // 2
