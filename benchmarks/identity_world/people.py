"""Who lives: households with their numbers, homes, companies and resellers. Each column has one row a person.

Which record shows what is decided in `contacts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.identity_world import texts
from benchmarks.identity_world.texts import Bools, Ints, Random

_SIZES = (0.20, 0.28, 0.29, 0.15, 0.08)
"""Shares of households with 1 … 5 people."""
_TWINS = 0.10
_MOVES = 0.13
_CHANGES_NUMBER = 0.12
_RECYCLED = 0.35
"""Share of given-up numbers that somebody else among the merchant's customers holds later."""
_WITHOUT_NUMBER = 0.25
"""Children and old people who use the number of the first of their household."""
_EMPLOYED = 0.22
_RESOLD = 0.012
"""People whose parcels a reseller orders under one number and address."""
DAYS = 1_095


@dataclass(frozen=True)
class People:
    """Index arrays: a home is a number in `places`, a company and a reseller a number from 0, -1 for none."""

    household: Ints
    first: Ints
    """The first person of the household."""
    members: Ints
    is_male: Bools
    name: pl.Series
    surname: pl.Series
    birthday: npt.NDArray[np.datetime64]
    numbers: Ints
    """(people, 2): before and after `changed`."""
    changed: Ints
    """Day on which the number changed; after the last day for most."""
    homes: Ints
    """(people, 2): before and after `moved`."""
    moved: Ints
    company: Ints
    reseller: Ints
    homes_count: int
    companies_count: int
    resellers_count: int

    @property
    def count(self) -> int:
        return self.household.size


def make_people(random: Random, count: int) -> People:
    """`count` persons in households of one to five."""
    sizes = random.choice(np.arange(1, 6), p=_SIZES, size=count)
    household = np.repeat(np.arange(count), sizes)[:count]
    _, first_of, members_of = np.unique(household, return_index=True, return_counts=True)
    first, members = first_of[household], members_of[household]
    place = np.arange(count) - first
    is_male = random.random(count) < 0.5
    is_male = np.where(place == 1, ~is_male[first], is_male)
    own_surname = texts.surnames(random, count)
    takes = (place >= 2) & (random.random(count) < 0.75)
    surname = np.where(takes, own_surname[first], own_surname)
    one, two = texts.given(random, is_male)
    year = random.integers(1955, 2003, count)
    year = np.where(place == 1, year[first] + random.integers(-5, 6, count), year)
    year = np.where(place >= 2, year[first] + np.where(random.random(count) < 0.7, 26, -26), year)
    birthday = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + random.integers(0, 365, count)
    twin = (place == 3) & (random.random(count) < _TWINS)
    elder = np.where(twin, np.arange(count) - 1, np.arange(count))
    birthday = birthday[elder]
    two = np.where(twin, texts.twin_of(random, two[elder]), two)
    surname, one, is_male = surname[elder], one[elder], is_male[elder]
    surname_text = texts.surname_text(surname)
    numbers, changed = _numbers(random, count, first, place)
    homes, moved = _homes(random, count, household, first)
    companies = max(count // 60, 3)
    works = (random.random(count) < _EMPLOYED) & (place < 2)
    company = np.where(works, texts.pick(random, [""] * companies, count, 0.55), -1)
    resellers = max(count // 1_500, 1)
    resold = random.random(count) < _RESOLD
    return People(
        household=household,
        first=first,
        members=members,
        is_male=is_male,
        name=surname_text + texts.given_text(one) + texts.given_text(two),
        surname=surname_text,
        birthday=birthday,
        numbers=numbers,
        changed=changed,
        homes=homes,
        moved=moved,
        company=company,
        reseller=np.where(resold, random.integers(0, resellers, count), -1),
        homes_count=int(homes.max()) + 1,
        companies_count=companies,
        resellers_count=resellers,
    )


def _numbers(random: Random, count: int, first: Ints, place: Ints) -> tuple[Ints, Ints]:
    """Numbers before and after the day of change; a given-up one may come to a stranger later."""
    numbers = np.stack([texts.mobiles(random, count), texts.mobiles(random, count)], axis=1)
    changes = random.random(count) < _CHANGES_NUMBER
    changed = np.where(changes, random.integers(60, DAYS - 120, count), DAYS + 1)
    givers = np.flatnonzero(changes)
    givers = givers[random.random(givers.size) < _RECYCLED]
    takers = random.choice(count, size=givers.size, replace=False)
    numbers[takers, 1] = numbers[givers, 0]
    changed[takers] = np.minimum(changed[givers] + 90, DAYS - 30)
    lends = (place >= 1) & (random.random(count) < _WITHOUT_NUMBER)
    lends |= (place >= 2) & (random.random(count) < 0.3)
    numbers[lends], changed[lends] = numbers[first[lends]], changed[first[lends]]
    return numbers, changed


def _homes(random: Random, count: int, household: Ints, first: Ints) -> tuple[Ints, Ints]:
    """Homes before and after moving; a household moves together, some grown children live elsewhere."""
    leaves = (np.arange(count) != first) & (random.random(count) < 0.12)
    anchor = np.where(leaves, np.arange(count), first)
    fresh = random.permutation(count * 2)
    homes = np.stack([fresh[anchor], fresh[anchor + count]], axis=1)
    moves = random.random(count) < _MOVES
    moved = np.where(moves, random.integers(30, DAYS - 30, count), DAYS + 1)
    return homes, moved[anchor]
