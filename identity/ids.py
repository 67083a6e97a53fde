"""The ledger of customer ids: a new grouping of records takes over the ids of the one before it.

The largest overlap keeps an id, then the oldest id; where a merge is undone, ids come back (`restoring`);
whatever becomes of an id is an event. How records are grouped does not belong here, nor does anything about
the persons.
"""

from __future__ import annotations

import secrets
from datetime import datetime

import polars as pl

from identity import restoring
from identity.ulid import RandomSource, customer_ids

MEMBER_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(
        ("source", "channel", "source_record_id", "role", "record_kind", "touchpoint"), pl.String
    ),
    "customer_id": pl.String,
    **dict.fromkeys(("occurred_at", "exported_at"), pl.Datetime("us")),
}
EVENT_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("event_type", "customer_id", "previous_customer_id"), pl.String),
    **dict.fromkeys(("source", "channel", "source_record_id", "role"), pl.String),
    "records": pl.UInt32,
    "cause": pl.String,
    "happened_at": pl.Datetime("us"),
}
ALIAS_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("alias_id", "customer_id"), pl.String),
    "since": pl.Datetime("us"),
}


def record_key() -> pl.Expr:
    """What tells a record apart: of a touchpoint record source and id, of an order also channel and role."""
    of_order = pl.col("record_kind") == "order"
    channel = pl.when(of_order).then(pl.col("channel")).otherwise(pl.lit("")).fill_null("")
    return pl.concat_str("record_kind", "source", channel, "source_record_id", "role", separator="\x1f")


def carry_over(
    previous_members: pl.DataFrame,
    clusters: pl.DataFrame,
    now: datetime,
    random_source: RandomSource = secrets.token_bytes,
    *,
    previous_aliases: pl.DataFrame | None = None,
    borne: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The members, events and aliases after `clusters` took the place of `previous_members`.

    `clusters`: the columns of MEMBER_SCHEMA but customer_id, and `cluster` (any number per person); one row
    per record. `borne`: the ids that records moved away from (`restoring.BORNE_SCHEMA`), of all records that
    had an id that one of `clusters` had. Returns members (MEMBER_SCHEMA, in the order of `clusters`), the
    events of this change alone (EVENT_SCHEMA: create, join, merge, split, restore, retire per id, move per
    record whose id changed) and all ids out of force, each pointing to the one in force (ALIAS_SCHEMA; null
    where its last record is gone).
    """
    aliases = pl.DataFrame(schema=ALIAS_SCHEMA) if previous_aliases is None else previous_aliases
    borne = pl.DataFrame(schema=restoring.BORNE_SCHEMA) if borne is None else borne
    before = previous_members.select(key=record_key(), previous_customer_id="customer_id")
    after = clusters.with_columns(key=record_key()).join(before, on="key", how="left", maintain_order="left")
    after = after.with_columns(first_key=pl.col("key").min().over("cluster"))
    kept = _keep(after.with_columns(restoring.native(borne)))
    back = restoring.returning(after, kept, borne, aliases["alias_id"])
    restored = back.filter(pl.col("alias_id") == pl.col("customer_id")).select(kept.columns)
    named = pl.concat([kept, restored])
    fresh = after.select("first_key").unique().join(named, on="first_key", how="anti").sort("first_key")
    created = fresh.with_columns(customer_ids(fresh.height, now, random_source))
    named = pl.concat([named, created.select(kept.columns)])
    after = after.join(named, on="first_key", how="left", maintain_order="left")
    members = after.select(*MEMBER_SCHEMA).cast(MEMBER_SCHEMA)  # type: ignore[arg-type]
    flows = after.group_by("previous_customer_id", "customer_id").agg(records=pl.len()).sort(pl.all())
    retired = _retired(before, members, flows)
    stood = aliases.join(restored, left_on="alias_id", right_on="customer_id", how="semi")
    events = _events(after, flows, retired, created["customer_id"], stood, now)
    return members, events, _aliases(aliases, retired, back, now)


def _keep(after: pl.DataFrame) -> pl.DataFrame:
    """first_key → customer_id for the clusters that keep an id: the largest overlap first, then the
    oldest id. Of an id whose records part, only those count that never had another one (`is_native`), before
    all: the others bring their own back.

    Each round settles all pairs that prefer each other; what is left prefers anew, until nobody is left.
    """
    ranked = (
        after.drop_nulls("previous_customer_id")
        .group_by("first_key", customer_id="previous_customer_id")
        .agg(n=pl.len(), native=pl.col("is_native").sum())
        .with_columns(own=pl.when(pl.len().over("customer_id") > 1).then("native").otherwise("n"))
        .sort("own", "n", "customer_id", "first_key", descending=[True, True, False, False])
        .with_row_index("place")
    )
    settled = ranked.clear()
    while not ranked.is_empty():
        best_here = pl.col("place") == pl.col("place").min().over("first_key")
        best_there = pl.col("place") == pl.col("place").min().over("customer_id")
        matched = ranked.filter(best_here & best_there)
        settled = pl.concat([settled, matched])
        ranked = ranked.join(matched, on="first_key", how="anti").join(matched, on="customer_id", how="anti")
    return settled.select("first_key", "customer_id")


def _retired(before: pl.DataFrame, members: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Ids that are no longer in force, with the id that took most of their records (null if none is left)."""
    sizes = before.group_by("previous_customer_id").agg(size=pl.len())
    gone = sizes.join(members, left_on="previous_customer_id", right_on="customer_id", how="anti")
    heirs = (
        flows.sort("records", "customer_id", descending=[True, False])
        .unique("previous_customer_id", keep="first", maintain_order=True)
        .rename({"customer_id": "heir"})
    )
    return gone.join(heirs, on="previous_customer_id", how="left").sort("previous_customer_id")


def _events(
    after: pl.DataFrame,
    flows: pl.DataFrame,
    retired: pl.DataFrame,
    created: pl.Series,
    stood: pl.DataFrame,
    now: datetime,
) -> pl.DataFrame:
    is_new, was = pl.col("customer_id").is_in(created.implode()), pl.col("previous_customer_id")
    is_back = pl.col("customer_id").is_in(stood["alias_id"].implode())
    is_gone = was.is_in(retired["previous_customer_id"].implode())
    changed = flows.filter(was != pl.col("customer_id"))
    to_heir = changed.join(
        retired,
        left_on=["previous_customer_id", "customer_id"],
        right_on=["previous_customer_id", "heir"],
        how="anti",
    )
    sizes = flows.group_by("customer_id").agg(pl.col("records").sum(), parts=was.drop_nulls().n_unique())
    parts = [
        sizes.filter(is_new).select(
            "customer_id",
            "records",
            event_type=pl.lit("create"),
            cause=pl.when(pl.col("parts") == 0).then(pl.lit("new_records")).otherwise(pl.lit("split")),
        ),
        sizes.join(stood, left_on="customer_id", right_on="alias_id").select(
            "customer_id",
            "records",
            previous_customer_id="customer_id_right",
            event_type=pl.lit("restore"),
            cause=pl.lit("unlinked"),
        ),
        flows.filter(was.is_null() & ~is_new & ~is_back).select(
            "customer_id", "records", event_type=pl.lit("join"), cause=pl.lit("new_records")
        ),
        retired.drop_nulls("heir").select(
            "previous_customer_id",
            "records",
            customer_id="heir",
            event_type=pl.lit("merge"),
            cause=pl.lit("linked"),
        ),
        to_heir.select(
            "customer_id",
            "previous_customer_id",
            "records",
            event_type=pl.lit("split"),
            cause=pl.lit("unlinked"),
        ),
        retired.select(
            customer_id="previous_customer_id",
            records="size",
            event_type=pl.lit("retire"),
            cause=pl.when(pl.col("heir").is_null()).then(pl.lit("no_records")).otherwise(pl.lit("merge")),
        ),
        after.filter(was != pl.col("customer_id")).select(
            "customer_id",
            "previous_customer_id",
            "source",
            "channel",
            "source_record_id",
            "role",
            records=pl.lit(1),
            event_type=pl.lit("move"),
            cause=pl.when(is_gone)
            .then(pl.lit("merge"))
            .when(is_back)
            .then(pl.lit("restore"))
            .when(is_new)
            .then(pl.lit("split"))
            .otherwise(pl.lit("regroup")),
        ),
    ]
    told = pl.concat([part.cast({"records": pl.UInt32}) for part in parts], how="diagonal")
    told = pl.concat([pl.DataFrame(schema=EVENT_SCHEMA), told], how="diagonal")
    told = told.with_columns(happened_at=pl.lit(now.replace(tzinfo=None)).cast(pl.Datetime("us")))
    return told.select(*EVENT_SCHEMA).sort(pl.all(), nulls_last=True)


def _aliases(
    previous: pl.DataFrame, retired: pl.DataFrame, back: pl.DataFrame, now: datetime
) -> pl.DataFrame:
    added = retired.select(
        alias_id="previous_customer_id",
        customer_id="heir",
        since=pl.lit(now.replace(tzinfo=None)).cast(pl.Datetime("us")),
    )
    heirs = added.select(customer_id="alias_id", heir="customer_id", moved=pl.lit(True))
    forwarded = previous.join(heirs, on="customer_id", how="left").select(
        "alias_id",
        pl.when("moved").then("heir").otherwise("customer_id").alias("customer_id"),
        "since",
    )
    forwarded = forwarded.join(back.select("alias_id", returned="customer_id"), on="alias_id", how="left")
    forwarded = forwarded.select(
        "alias_id", pl.coalesce("returned", "customer_id").alias("customer_id"), "since"
    )
    forwarded = forwarded.filter(pl.col("alias_id") != pl.col("customer_id").fill_null(""))
    return pl.concat([forwarded, added]).cast(ALIAS_SCHEMA).sort("alias_id")  # type: ignore[arg-type]
