"""Ids that come back: where a merge is undone, each part gets back the id that its records had before.

A function of which ids the records once had; how ids are kept and made is in `ids`.
"""

from __future__ import annotations

import polars as pl

BORNE_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String,
    "customer_id": pl.String,
    "is_first": pl.Boolean,
    "now": pl.String,
}
"""One row per live record and id that it moved away from: whether it was its first one, and the id that the
record has now."""
_FIRST_WEIGHT = 1 << 32
"""A record whose first id it was counts for more than all others."""


def borne(moves: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The frame of BORNE_SCHEMA. `moves`: key of the record and the id (customer_id) that it moved away
    from, in their order; `now`: key and customer_id in force."""
    told = moves.with_columns(is_first=pl.int_range(pl.len()).over("key") == 0)
    told = told.unique(["key", "customer_id"], keep="first", maintain_order=True)
    held = now.select("key", now="customer_id")
    return told.join(held, on="key", how="left", maintain_order="left").select(*BORNE_SCHEMA)


def native(borne: pl.DataFrame) -> pl.Expr:
    """Whether a row (key, previous_customer_id) never had another id before the one that it has."""
    first = borne.filter("is_first").unique("key")
    had = pl.col("key").replace_strict(first["key"], first["customer_id"], default=None)
    return (had.is_null() | (had == pl.col("previous_customer_id"))).alias("is_native")


def returning(
    after: pl.DataFrame, kept: pl.DataFrame, borne: pl.DataFrame, retired: pl.Series
) -> pl.DataFrame:
    """Ids out of `retired` that a cluster without an id gets back: first_key, alias_id, customer_id.

    `after`: key and first_key (the cluster) of each record; `kept`: first_key and customer_id of the clusters
    that keep an id. An id belongs where most of the records are whose first id it was, then where most of
    those are that had it at any time; at a tie it stays retired. Of several ids that belong to one cluster
    the one that most records had comes back (`alias_id` = `customer_id`), then the oldest; the others stand
    for it.
    """
    places = after.select("key", place="first_key")
    had = borne.filter(pl.col("customer_id").is_in(retired.implode()))
    seen = had.join(places, on="key", how="left").with_columns(place=pl.coalesce("place", "now"))
    counted = seen.group_by("customer_id", "place").agg(
        weight=pl.col("is_first").sum().cast(pl.Int64) * _FIRST_WEIGHT + pl.len()
    )
    is_most = pl.col("weight") == pl.col("weight").max().over("customer_id")
    belongs = counted.filter(is_most).filter(pl.len().over("customer_id") == 1)
    free = (
        after.select(place="first_key").unique().join(kept, left_on="place", right_on="first_key", how="anti")
    )
    back = belongs.join(free, on="place", how="semi")
    back = back.sort("weight", "customer_id", descending=[True, False])
    return back.select(
        first_key="place",
        alias_id="customer_id",
        customer_id=pl.col("customer_id").first().over("place"),
    )
