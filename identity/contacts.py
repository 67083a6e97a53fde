"""People by their contacts: the places where accounts meet, masked names that fit one person there, a home
with a name.

A full number alone is one person's in 70 to 85 of 100 pairs only (families, recycled and company numbers),
so it links without a name only where all that is known of it can be one person's. Which value is shared is
found by degree: the names and identifiers seen with it, a function of the current records.
"""

from __future__ import annotations

import polars as pl

from identity import accounts, rules
from identity.accounts import held_ids, holders, lone
from identity.names import FULL as FULL_NAME
from identity.phones import FULL, VIRTUAL
from identity.places import Place, place_edges, vouched
from identity.quotes import quoted_together

PHONE_NAME_CAP = 30
"""Different names on one number, above which it is a dummy and links nobody. Two strangers of one name are
met among so many in one number of ten."""
HOME_NAME_CAP = 40
"""Different names on one home, above which it is a counter or a dormitory."""
_NUMBER = pl.when(pl.col("phone_kind").is_in([FULL, VIRTUAL])).then("phone")
_HIDDEN = pl.when(pl.col("phone").is_null().any().over("phone_mask")).then(
    pl.concat_str("phone_mask", "sound", separator="|")
)
"""The visible part of a number, where somebody's is masked."""
_TOLD = pl.any_horizontal(pl.col("openid", "unionid", "user_id").is_not_null())
_OWN_NUMBER = pl.when((pl.col("phone_kind") == FULL) & (pl.col("first").is_not_null() | _TOLD)).then("phone")
"""A number without a name counts where it was told in an account of the holder's own, which asks for a code
sent to it; a clerk types any."""
WITNESSES = 2
"""Of a number's two holders, one of whom shows no name, the other is somebody else of the household in one
place of four where families lend numbers; where two others bear one name, in one of five to ten."""
BUSY = 60
"""Records without an account that one card or addressee code may have: each visit of a regular is one. A
clerk's own card shows more names and numbers than one person has."""
_MASK = pl.concat_str("phone_mask", "first", "adcode", separator="|")
_ASKED = (
    "node", "phone_kind", "phone", "phone_mask", "name_kind", "name", "pinyin", "mask_head", "mask_tail",
    "home",
)  # fmt: skip
FACTS = (
    *accounts.FACTS, "phone_kind", "phone", "phone_mask", "mask_tail", "device_id", "order_id", "quoted_id",
)  # fmt: skip
"""The columns of the record table, besides its keys, that are asked where accounts meet."""
PLACES = (
    Place(_NUMBER, rules.PHONE_NAME, None, PHONE_NAME_CAP),
    Place(_OWN_NUMBER, None, rules.PHONE_ALONE, holders=4, silent=1, witnesses=WITNESSES),
    Place(_HIDDEN, rules.MASK_NAME, None),
    Place(_MASK, None, rules.MASK_DISTRICT, holders=3, lone=1),
    Place(pl.col("member_no"), rules.MEMBER_NO, rules.MEMBER_NO, holders=BUSY, silent=BUSY),
    Place(pl.concat_str("addressee_id", "first", separator="|"), None, rules.ADDRESSEE, holders=BUSY),
)
DEVICE = Place(pl.col("device_id"), None, rules.DEVICE)


def contact_edges(records: pl.DataFrame, known: pl.DataFrame, by_device: bool) -> pl.DataFrame:
    """Edges between records (`node`) by numbers, masks, cards, addressee codes, homes, quoted orders and,
    where they are one person's (`by_device`), devices. `known`: the edges of identifiers and orders."""
    places = (*PLACES, DEVICE) if by_device else PLACES
    held = holders(records, known)
    ids = held_ids(held)
    held = held.with_columns(lone(held, ids))
    records = records.select(_ASKED).with_columns(held["is_lone"])
    phones = records.filter(pl.col("phone_kind").is_in([FULL, VIRTUAL]))
    named = records.filter(pl.col("name_kind") == FULL_NAME)
    on_number = _people(named.filter(pl.col("phone_kind").is_in([FULL, VIRTUAL])), "phone", PHONE_NAME_CAP)
    at_home = _people(named, "home", HOME_NAME_CAP)
    around = _around(records, on_number, at_home)
    return rules.join_edges(
        [
            *(place_edges(held, ids, at_home, place) for place in places),
            rules.star(vouched(at_home, ["home", "pinyin"]), ["home", "pinyin"], rules.HOME_NAME),
            _masked_on_number(phones, on_number, around),
            _masked_at_home(records, at_home),
            quoted_together(held, ids),
        ]
    )


def _people(named: pl.DataFrame, place: str, cap: int) -> pl.DataFrame:
    """The named records of each number or home that shows no more names than `cap`."""
    known = named.drop_nulls(place).select("node", "phone", "phone_mask", "home", "name", "pinyin", "is_lone")
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
    """A masked name or a bare surname, where exactly one person around its number fits what it shows; not of
    accounts that show one parcel alone, on either side."""
    masked = phones.filter(pl.col("mask_head").is_not_null() & ~pl.col("is_lone")).select(
        "node", "phone", "mask_head", "mask_tail"
    )
    fits = _fitting(masked.join(around, on="phone", how="inner"))
    hubs = on_number.filter(~pl.col("is_lone")).group_by("phone", "pinyin").agg(hub=pl.col("node").min())
    return rules.edges(
        fits.join(hubs, on=["phone", "pinyin"], how="inner"), "node", "hub", rules.PHONE_MASKED_NAME
    )


def _masked_at_home(records: pl.DataFrame, at_home: pl.DataFrame) -> pl.DataFrame:
    """The same at a home, where the visible part of the number is that person's too."""
    masked = records.filter(pl.col("mask_head").is_not_null() & ~pl.col("is_lone"))
    masked = masked.drop_nulls(["phone_mask", "home"]).select(
        "node", "home", "mask_head", "mask_tail", "phone_mask"
    )
    fits = _fitting(masked.join(at_home.select("home", "name", "pinyin").unique(), on="home", how="inner"))
    hubs = (
        at_home.filter(~pl.col("is_lone"))
        .drop_nulls("phone_mask")
        .group_by("home", "pinyin", "phone_mask")
        .agg(hub=pl.col("node").min())
    )
    found = fits.join(hubs, on=["home", "pinyin", "phone_mask"], how="inner")
    return rules.edges(found, "node", "hub", rules.HOME_MASKED_NAME)


def _fitting(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of pairs of a masked name (`node`) and a full one, those that fit, where no second person does."""
    fits = pairs.filter(fits_mask(pl.col("name"), pl.col("mask_head"), pl.col("mask_tail")))
    return fits.unique(["node", "pinyin"]).filter(pl.len().over("node") == 1)


def fits_mask(name: pl.Expr, head: pl.Expr, tail: pl.Expr) -> pl.Expr:
    """Whether a full name can be what a masked name hides; the count of stars says nothing (platforms
    differ)."""
    longer = name.str.len_chars() > head.str.len_chars() + tail.str.len_chars()
    return longer & name.str.starts_with(head) & name.str.ends_with(tail)
