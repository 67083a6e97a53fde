"""Places where accounts meet: a number, the visible part of a number in a district, a card, an addressee
code.

What a place says is asked of all its holders together: those of one full name are one person; and where all
that its holders show can be one person's, so are those who show no name. Accounts that show one parcel alone
do not vouch for each other. Which places there are stands in `contacts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from identity import rules
from identity.accounts import KNOWN


@dataclass(frozen=True)
class Place:
    """A kind of place: its key, its rules (None where it does not link so), and what it bears."""

    key: pl.Expr
    named: str | None
    alone: str | None
    names: int = 30
    """Different names, above which it is a dummy's or a counter and links nobody."""
    holders: int = 12
    """Accounts, above which it links by names only."""
    silent: int = 12
    """Accounts without any name, above which it links by names only."""
    lone: int = 12
    """Accounts that show nothing but one parcel's receiver, above which it links by names only."""
    witnesses: int = 0
    """Accounts with a name that a holder without one needs here."""


def place_edges(held: pl.DataFrame, ids: pl.DataFrame, at_home: pl.DataFrame, place: Place) -> pl.DataFrame:
    """Edges between records (`node`) that meet at places of one kind. `held`, `ids`: as `accounts.holders`
    and `accounts.held_ids` give them, with `is_lone` (`accounts.lone`); `at_home`: the named records of each
    home."""
    here = held.select("node", "group", "is_lone", "home", *KNOWN, place=place.key).drop_nulls("place")
    here = here.filter(pl.col("group").n_unique().over("place") > 1)
    here = here.filter(pl.col("sound").n_unique().over("place") <= place.names + 1)
    found = [pl.DataFrame(schema=rules.EDGE_SCHEMA)]
    if place.named:
        found.append(rules.star(vouched(here, ["place", "sound"]), ["place", "sound"], place.named))
    if place.alone and here.height:
        fit = (
            (pl.col("people") == 1)
            & (pl.col("holders") <= place.holders)
            & (pl.col("silent") <= place.silent)
            & ((pl.col("silent") == 0) | (pl.col("holders") - pl.col("silent") >= place.witnesses))
            & (pl.col("lone") <= place.lone)
        )
        sole = people(here, ids, at_home).filter(fit)
        found.append(
            rules.star(vouched(here, ["place"]).join(sole, on="place", how="semi"), ["place"], place.alone)
        )
    return pl.concat(found)


def vouched(here: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The records with a `key` that somebody else has than accounts that show one parcel alone."""
    return here.filter((~pl.col("is_lone")).any().over(key))


def people(here: pl.DataFrame, ids: pl.DataFrame, at_home: pl.DataFrame) -> pl.DataFrame:
    """Of each place its `holders` (accounts), those that show no name (`silent`), those that show nothing
    else than one parcel (`lone`), and the least number of `people` that they can be.

    The names at their homes count, too: a family lends numbers there, and who borrows one often shows in full
    elsewhere. Full names of three characters of which one differs are one, misspelt.
    """
    full = pl.col("full")
    misspelt = (full.is_null() | (full.str.len_chars() == 3)).all() & (
        (full.str.head(2).drop_nulls().n_unique() == 1)
        | ((full.str.head(1) + full.str.tail(1)).drop_nulls().n_unique() == 1)
    )
    groups = here.group_by("place", "group").agg(
        named=pl.col("first").is_not_null().any(), is_lone=pl.col("is_lone").any()
    )
    counted = groups.group_by("place").agg(
        holders=pl.len(), silent=(~pl.col("named")).sum(), lone=pl.col("is_lone").sum()
    )
    named = here.group_by("place").agg(
        sounds=pl.when(misspelt).then(1).otherwise(pl.col("sound").drop_nulls().n_unique()),
        firsts=pl.col("first").drop_nulls().n_unique(),
    )
    held = (
        groups.join(ids, on="group", how="inner").group_by("place", "kind").agg(n=pl.col("value").n_unique())
    )
    most = held.group_by("place").agg(ids=pl.col("n").max())
    told = counted.join(named, on="place").join(most, on="place", how="left")
    told = told.join(_around(here, at_home), on="place", how="left")
    return told.with_columns(
        people=pl.max_horizontal(
            "sounds", "firsts", pl.col("ids").fill_null(1), pl.col("around").fill_null(1), 1
        )
    )


def _around(here: pl.DataFrame, at_home: pl.DataFrame) -> pl.DataFrame:
    """place, around: the different names at the homes of its holders, of those that bear the first character
    that they show where they show one."""
    homes = here.select("place", "home").drop_nulls().unique()
    firsts = here.group_by("place").agg(pl.col("first").drop_nulls().first())
    near = homes.join(at_home.select("home", "pinyin", "name").unique(), on="home", how="inner")
    near = near.join(firsts, on="place").filter(
        pl.col("first").is_null() | (pl.col("name").str.head(1) == pl.col("first"))
    )
    own = here.select("place", pinyin="sound").drop_nulls()
    return (
        pl.concat([near.select("place", "pinyin"), own])
        .group_by("place")
        .agg(around=pl.col("pinyin").n_unique())
    )
