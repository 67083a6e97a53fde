"""Whose contact a touchpoint record shows: the holder's own, or that of somebody who gets a gift.

An account shows what its holder told of himself, and the receivers of its parcels. Contacts of a receiver
who is not the holder say nothing about the holder and are taken out before contacts are compared. A function
of one component of identifiers. Orders that show both owner and receiver are judged in `receivers`.
"""

from __future__ import annotations

import polars as pl

from identity import accounts
from identity.accounts import account, held_ids, is_parcel, is_told
from identity.components import components_of
from identity.names import FULL as FULL_NAME
from identity.records import CONTACT, RECORD_KEY, TOUCHPOINT

_ASKED = (
    "node", "group", "first", "place", "is_parcel", "is_told", "name_kind", "pinyin", "phone", "phone_mask",
    "adcode",
)  # fmt: skip
FACTS = (*accounts.FACTS, "phone", "phone_mask")
"""The columns of the record table, besides its keys, that are asked whose a contact is."""
PERSONAL_WEIGHT = 2
"""Parcels that one statement of the holder about himself counts for."""

LEAST_SHARE = 0.2
"""Of what an account shows, below which the face of most parcels is none: who resells orders for many."""


def own_contacts(records: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The record table (with `node`), with the columns of `CONTACT` and `addressee_id` null where they are
    another's (`of_others`)."""
    theirs = of_others(records, known)
    return records.with_columns(
        pl.when(~theirs).then(name).alias(name) for name in (*CONTACT, "addressee_id")
    )


def of_others(records: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    """Of each record (with `node`, its row) whether its contact is another's. `known`: the edges of
    identifiers and orders.

    Within a component of identifiers, contacts that share a number and a first character, or a full name,
    are one face. Faces that the holder told himself are his own; so is the face of most parcels, if no
    other face has as many. One parcel against what the holder told is a gift. An account that shows one
    parcel alone gave it away, too, where its receiver has another account of the same kind.
    """
    labelled = records.select("node", *RECORD_KEY, *FACTS).with_columns(group=account(records, known))
    first = pl.coalesce(pl.col("name").str.head(1), pl.col("mask_head").replace("", None).str.head(1))
    shown = (
        labelled.lazy()
        .filter(pl.col("record_kind") == TOUCHPOINT)
        .with_columns(
            first=first, place=pl.coalesce("phone_mask", "phone"), is_parcel=is_parcel(), is_told=is_told()
        )
        .filter(pl.any_horizontal(pl.col("first", "place", "home").is_not_null()))
        .select(_ASKED)
        .collect()
    )
    foreign = _foreign(shown)
    own = shown.filter(~pl.col("node").is_in(foreign.implode()))
    theirs = pl.concat([foreign, _contested(own, held_ids(labelled))])
    return records["node"].is_in(theirs.implode())


def _foreign(shown: pl.DataFrame) -> pl.Series:
    """Nodes of `shown` whose face is another's, by what the account itself shows."""
    several = pl.max_horizontal(
        *(pl.col(c).drop_nulls().n_unique().over("group") for c in ("first", "place"))
    )
    several_shown = shown.filter(several > 1)
    faced = several_shown.with_columns(face=_faces(several_shown))
    counted = faced.group_by("group", "face").agg(
        parcels=(pl.col("is_told") & pl.col("is_parcel")).sum(),
        told=(pl.col("is_told") & ~pl.col("is_parcel")).sum() * PERSONAL_WEIGHT,
    )
    counted = counted.with_columns(weight=pl.col("parcels") + pl.col("told"))
    most = pl.col("weight").max().over("group")
    is_most = (pl.col("weight") == most) & ((pl.col("weight") == most).sum().over("group") == 1)
    is_most &= pl.col("weight") >= LEAST_SHARE * pl.col("weight").sum().over("group")
    counted = counted.filter((pl.col("told") == 0) & ~is_most)
    return faced.join(counted, on=["group", "face"], how="semi")["node"]


def _contested(own: pl.DataFrame, identifiers: pl.DataFrame) -> pl.Series:
    """Nodes of `own` that are an account's only contact, a parcel, to somebody who has an account of that
    kind."""
    lone = (pl.col("is_told").sum().over("group") == 1) & pl.col("is_parcel")
    rows = own.select(
        "node",
        "group",
        "phone",
        "first",
        masked=pl.concat_str("phone_mask", "first", "adcode", separator="|"),
        lone=lone,
    )
    rows = rows.join(identifiers.select("group").unique(), on="group", how="semi")
    return pl.concat(_claimed(rows, identifiers, key) for key in ("phone", "masked")).unique()


def _claimed(rows: pl.DataFrame, identifiers: pl.DataFrame, key: str) -> pl.Series:
    """Nodes of lone rows at a place where who bears the same first character, or shows none, has another
    identifier of one kind."""
    here = rows.drop_nulls(key).select("node", "group", "lone", "first", place=key)
    here = here.filter(pl.col("lone").any().over("place") & (pl.col("group").n_unique().over("place") > 1))
    told = here.join(identifiers, on="group", how="inner").with_columns(
        alike=pl.col("value").n_unique().over("place", "kind", "first"),
        every=pl.col("value").n_unique().over("place", "kind"),
    )
    silent = (
        told.filter(pl.col("first").is_null())
        .group_by("place", "kind")
        .agg(low=pl.col("value").min(), high=pl.col("value").max())
    )
    told = told.filter("lone").join(silent, on=["place", "kind"], how="left")
    by_silent = (pl.col("low") != pl.col("value")) | (pl.col("high") != pl.col("value"))
    claimed = (pl.col("alike") > 1) | by_silent.fill_null(False)
    return told.filter(pl.when(pl.col("first").is_null()).then(pl.col("every") > 1).otherwise(claimed))[
        "node"
    ]


def _faces(shown: pl.DataFrame) -> pl.Series:
    """The face of each row: rows of an account with one number and first character, or one full name."""
    rows = shown.select(
        "group", "pinyin", "place", "first", full=pl.col("name_kind") == FULL_NAME, row=pl.int_range(pl.len())
    )
    firsts = pl.col("first").drop_nulls()
    sole = pl.when(firsts.n_unique().over("group", "place") <= 1).then(pl.lit("")).otherwise("first")
    rows = rows.with_columns(bearer=pl.when(pl.col("place").is_not_null()).then(sole))
    parts = [
        _star(rows.filter(pl.col("place").is_not_null()), ["group", "place", "bearer"]),
        _star(rows.filter("full"), ["group", "pinyin"]),
        _star(rows.filter(pl.col("place").is_null() & ~pl.col("full")), ["group", "first"]),
    ]
    return components_of(shown.height, pl.concat(parts)).rename("face")


def _star(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    known = rows.drop_nulls(key).with_columns(left=pl.col("row").min().over(key))
    return known.select("left", right="row")
