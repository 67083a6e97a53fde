"""People by their contacts: a full phone number with a compatible name, and a home with a name.

A full number alone is one person's in 70 to 85 of 100 pairs only (families, recycled and company
numbers), so it never links without a name unless exactly one name was ever seen with it. Which value is
shared is found by degree: the number of different names seen with it, a function of the current records.
"""

from __future__ import annotations

import polars as pl

from identity import rules
from identity.names import FULL as FULL_NAME
from identity.phones import FULL, VIRTUAL

PHONE_NAME_CAP = 6
"""Different names on one number, above which it is a company's or a dummy and links nothing by itself."""
HOME_NAME_CAP = 40
"""Different names on one home, above which it is a counter or a dormitory."""


def contact_edges(records: pl.DataFrame) -> pl.DataFrame:
    """Edges of the rules phone_name, phone_masked_name, phone_alone and home_name between records
    (`node`)."""
    phones = records.filter(pl.col("phone_kind").is_in([FULL, VIRTUAL]))
    named = phones.filter(pl.col("name_kind") == FULL_NAME)
    degree = named.group_by("phone").agg(names=pl.col("pinyin").n_unique())
    private = degree.filter(pl.col("names") <= PHONE_NAME_CAP)
    people = named.join(private, on="phone", how="inner")
    classes = people.group_by("phone", "pinyin", "names").agg(
        hub=pl.col("node").min(), name=pl.col("name").min()
    )
    return rules.join_edges(
        [
            rules.star(people, ["phone", "pinyin"], rules.PHONE_NAME),
            _masked_names(phones, people, classes),
            _no_names(phones, classes),
            _homes(records),
        ]
    )


def _masked_names(phones: pl.DataFrame, people: pl.DataFrame, classes: pl.DataFrame) -> pl.DataFrame:
    """A masked name or a bare surname, where exactly one of the number's people fits what it shows."""
    masked = phones.filter(pl.col("mask_head").is_not_null())
    spellings = people.select("phone", "name", "pinyin").unique()
    pairs = masked.select("node", "phone", "mask_head", "mask_tail").join(spellings, on="phone", how="inner")
    fits = pairs.filter(fits_mask(pl.col("name"), pl.col("mask_head"), pl.col("mask_tail")))
    sole = fits.unique(["node", "pinyin"]).filter(pl.len().over("node") == 1)
    hubs = sole.join(classes.select("phone", "pinyin", "hub"), on=["phone", "pinyin"], how="inner")
    return rules.edges(hubs, "node", "hub", rules.PHONE_MASKED_NAME)


def _no_names(phones: pl.DataFrame, classes: pl.DataFrame) -> pl.DataFrame:
    """A record with a number but no name, where the number has one name only."""
    sole = classes.filter(pl.col("names") == 1).select("phone", "hub", known="name")
    masks = (
        phones.filter(pl.col("mask_head").is_not_null()).select("phone", "mask_head", "mask_tail").unique()
    )
    strangers = masks.join(sole, on="phone", how="inner").filter(
        ~fits_mask(pl.col("known"), pl.col("mask_head"), pl.col("mask_tail"))
    )
    silent = phones.filter(pl.col("name_kind").is_null() & (pl.col("phone_kind") == FULL))
    pairs = silent.join(sole, on="phone", how="inner").join(strangers, on="phone", how="anti")
    return rules.edges(pairs, "node", "hub", rules.PHONE_ALONE)


def _homes(records: pl.DataFrame) -> pl.DataFrame:
    named = records.filter(pl.col("home").is_not_null() & (pl.col("name_kind") == FULL_NAME))
    homes = named.filter(pl.col("pinyin").n_unique().over("home") <= HOME_NAME_CAP)
    return rules.star(homes, ["home", "pinyin"], rules.HOME_NAME)


def fits_mask(name: pl.Expr, head: pl.Expr, tail: pl.Expr) -> pl.Expr:
    """Whether a full name can be what a masked name hides; the count of stars says nothing (platforms
    differ)."""
    longer = name.str.len_chars() > head.str.len_chars() + tail.str.len_chars()
    return longer & name.str.starts_with(head) & name.str.ends_with(tail)
