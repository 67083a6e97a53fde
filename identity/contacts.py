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
    """Edges of the rules phone_name, phone_masked_name, phone_alone, home_name and home_masked_name between
    records (`node`)."""
    phones = records.filter(pl.col("phone_kind").is_in([FULL, VIRTUAL]))
    named = records.filter(pl.col("name_kind") == FULL_NAME)
    on_number = _people(named.filter(pl.col("phone_kind").is_in([FULL, VIRTUAL])), "phone", PHONE_NAME_CAP)
    at_home = _people(named, "home", HOME_NAME_CAP)
    around = _around(records, on_number, at_home)
    return rules.join_edges(
        [
            rules.star(on_number, ["phone", "pinyin"], rules.PHONE_NAME),
            rules.star(at_home, ["home", "pinyin"], rules.HOME_NAME),
            _masked_on_number(phones, on_number, around),
            _masked_at_home(records, at_home),
            _no_names(phones, on_number, around),
        ]
    )


def _people(named: pl.DataFrame, place: str, cap: int) -> pl.DataFrame:
    """The named records of each number or home that shows no more names than `cap`."""
    known = named.drop_nulls(place).select("node", "phone", "phone_mask", "home", "name", "pinyin")
    return known.filter(pl.col("pinyin").n_unique().over(place) <= cap)


def _around(records: pl.DataFrame, on_number: pl.DataFrame, at_home: pl.DataFrame) -> pl.DataFrame:
    """phone, name, pinyin: the people of a number and of the homes that the number was seen with. A
    family lends a number within the home, and the one who borrows it often shows in full elsewhere."""
    homes = records.select("phone", "home").drop_nulls().unique()
    members = homes.join(at_home.select("home", "name", "pinyin").unique(), on="home", how="inner")
    return pl.concat(
        [on_number.select("phone", "name", "pinyin"), members.select("phone", "name", "pinyin")]
    ).unique()


def _masked_on_number(phones: pl.DataFrame, on_number: pl.DataFrame, around: pl.DataFrame) -> pl.DataFrame:
    """A masked name or a bare surname, where exactly one person around its number fits what it shows."""
    masked = phones.filter(pl.col("mask_head").is_not_null()).select(
        "node", "phone", "mask_head", "mask_tail"
    )
    fits = _fitting(masked.join(around, on="phone", how="inner"))
    hubs = on_number.group_by("phone", "pinyin").agg(hub=pl.col("node").min())
    return rules.edges(
        fits.join(hubs, on=["phone", "pinyin"], how="inner"), "node", "hub", rules.PHONE_MASKED_NAME
    )


def _masked_at_home(records: pl.DataFrame, at_home: pl.DataFrame) -> pl.DataFrame:
    """The same at a home, where the visible part of the number is that person's too."""
    masked = records.filter(pl.col("mask_head").is_not_null() & pl.col("phone_mask").is_not_null())
    masked = masked.drop_nulls("home").select("node", "home", "mask_head", "mask_tail", "phone_mask")
    fits = _fitting(masked.join(at_home.select("home", "name", "pinyin").unique(), on="home", how="inner"))
    hubs = (
        at_home.drop_nulls("phone_mask")
        .group_by("home", "pinyin", "phone_mask")
        .agg(hub=pl.col("node").min())
    )
    found = fits.join(hubs, on=["home", "pinyin", "phone_mask"], how="inner")
    return rules.edges(found, "node", "hub", rules.HOME_MASKED_NAME)


def _fitting(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of pairs of a masked name (`node`) and a full one, those that fit, where no second person does."""
    fits = pairs.filter(fits_mask(pl.col("name"), pl.col("mask_head"), pl.col("mask_tail")))
    return fits.unique(["node", "pinyin"]).filter(pl.len().over("node") == 1)


def _no_names(phones: pl.DataFrame, on_number: pl.DataFrame, around: pl.DataFrame) -> pl.DataFrame:
    """A record with a number but no name, where one person only was ever seen with it or at its homes."""
    alone = around.filter(pl.col("pinyin").n_unique().over("phone") == 1)
    masks = (
        phones.filter(pl.col("mask_head").is_not_null()).select("phone", "mask_head", "mask_tail").unique()
    )
    strangers = masks.join(alone, on="phone", how="inner").filter(
        ~fits_mask(pl.col("name"), pl.col("mask_head"), pl.col("mask_tail"))
    )
    hubs = on_number.group_by("phone").agg(hub=pl.col("node").min()).join(alone, on="phone", how="semi")
    silent = phones.filter(pl.col("name_kind").is_null() & (pl.col("phone_kind") == FULL))
    pairs = silent.join(hubs, on="phone", how="inner").join(strangers, on="phone", how="anti")
    return rules.edges(pairs, "node", "hub", rules.PHONE_ALONE)


def fits_mask(name: pl.Expr, head: pl.Expr, tail: pl.Expr) -> pl.Expr:
    """Whether a full name can be what a masked name hides; the count of stars says nothing (platforms
    differ)."""
    longer = name.str.len_chars() > head.str.len_chars() + tail.str.len_chars()
    return longer & name.str.starts_with(head) & name.str.ends_with(tail)
