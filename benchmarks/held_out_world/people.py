"""Who lives in the world: households, their members, names, birthdays, homes and moves. Numbers are in
`phones`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.held_out_world import places
from benchmarks.held_out_world.chance import Array, Chance
from benchmarks.held_out_world.characters import COMPOUND_SURNAMES, GIVEN, SINGLE_GIVEN, SURNAMES, characters
from benchmarks.held_out_world.rates import rate

HEAD, SPOUSE, CHILD, ELDER, GROWN, MATE, STUDENT = range(7)
_TEMPLATES = (
    ("one_person_home", (HEAD,)),
    ("couple_home", (HEAD, SPOUSE)),
    ("family_home", (HEAD, SPOUSE, CHILD, CHILD)),
    ("three_generation_home", (HEAD, SPOUSE, CHILD, ELDER, ELDER)),
    ("grown_child_home", (HEAD, SPOUSE, GROWN)),
    ("roommates_home", (MATE, MATE, MATE)),
    ("dormitory_home", (STUDENT,) * 5),
    ("elders_home", (ELDER, ELDER)),
)
_ACTIVITY = np.array([1.0, 1.0, 0.05, 0.3, 0.8, 0.9, 0.9])
"""Buying by role: grandparents and children are mostly bought for."""
_COMPOUND_SHARE = 0.001
_COMPANY_SIZES = np.array([12, 4, 2, 1])
"""Of the four companies of a site: one large employer and some small ones."""
DAYS = 1461
"""Four years, from 2022-10-01."""


@dataclass
class People:
    """Members of all households by number. Times are days since the start; homes are rows of `doors`."""

    household: Array
    role: Array
    man: Array
    birth: Array
    surname: Array
    given: Array
    """Two columns of characters; -1 in the second where there is one."""
    helper: Array
    """Who orders and answers for this one: a parent, a child; oneself for all others."""
    partner: Array
    """Another member of the household; oneself where there is none."""
    first_of_home: Array
    relative: Array
    """For whom this one orders besides: a child, parents who live in or elsewhere; else the partner."""
    home: Array
    home_later: Array
    moves_at: Array
    office: Array
    activity: Array
    reseller: Array
    scalper: Array
    overseas: Array
    doors: places.Doors
    sites: places.Sites

    def __len__(self) -> int:
        return len(self.role)


def build(chance: Chance, members: int) -> People:
    """About so many members (whole households)."""
    shares = np.array([rate(name) for name, _ in _TEMPLATES])
    sizes = np.array([len(roles) for _, roles in _TEMPLATES])
    template = chance.choose(shares, max(30, round(members / (shares @ sizes / shares.sum()))))
    household = np.repeat(np.arange(len(template)), sizes[template])
    first = np.concatenate([[0], np.cumsum(sizes[template])[:-1]])
    place = np.arange(len(household)) - first[household]
    by_template = np.array([(*roles, *[0] * (5 - len(roles))) for _, roles in _TEMPLATES])
    role = by_template[template[household], place]
    count = len(role)
    head = first[household]
    size = sizes[template][household]
    partner = head + (place + np.where(size > 1, 1 + chance.below(np.maximum(size - 1, 1), count), 0)) % size
    partner = np.where((place < 2) & (size > 1) & (role < CHILD), head + 1 - place, partner)
    adults = np.flatnonzero(role == HEAD)
    elsewhere = adults[chance.below(len(adults), len(template))][household]
    alone = template[household] == len(_TEMPLATES) - 1
    helper = np.where(role == ELDER, np.where(alone, elsewhere, head), np.arange(count))
    helper = np.where(role == CHILD, head + chance.below(2, count), helper)
    relative = partner.copy()
    for helped in (CHILD, ELDER):
        relative[helper[role == helped]] = np.flatnonzero(role == helped)
    man, birth = _ages(chance, role, place, head, template[household] == 2)
    surname, given = _names(chance, role, place, man, birth, np.where(alone, elsewhere, head))
    homes = _homes(chance, template, household, role)
    doors, sites, home, home_later, moves_at = homes
    working = np.isin(role, (HEAD, SPOUSE, GROWN, MATE)) & chance.happens(rate("employed"), count)
    reseller = (role != CHILD) & chance.happens(rate("reseller"), count)
    scalper = (role == MATE) | (role == HEAD)
    scalper &= ~reseller & chance.happens(rate("scalper") * count / max(1, scalper.sum()), count)
    trades = reseller | scalper
    spread = np.where(trades, rate("trader_sigma"), rate("activity_sigma"))
    activity = np.where(trades, 1.0, _ACTIVITY[role]) * chance.rng.lognormal(0, spread, count)
    activity *= np.where(reseller, rate("reseller_activity"), 1) * np.where(
        scalper, rate("scalper_activity"), 1
    )
    office = np.where(working, _offices(chance, sites, sites.city[doors.site[home]], count), -1)
    overseas = chance.happens(rate("overseas"), count)
    return People(
        household, role, man, birth, surname, given, helper, partner, head, relative, home, home_later,
        moves_at, office, activity, reseller, scalper, overseas, doors, sites,
    )  # fmt: skip


def _ages(chance: Chance, role: Array, place: Array, head: Array, twins_home: Array) -> tuple[Array, Array]:
    """Man or woman, and the birthday as days since 1970-01-01."""
    count = len(role)
    man = chance.happens(0.5, count)
    man = np.where(role == SPOUSE, ~man[head], man)
    man = np.where(role == ELDER, place % 2 == 1, man)
    year = 1968 + chance.below(34, count)
    year = np.where(role == SPOUSE, year[head] - 3 + chance.below(7, count), year)
    year = np.where(role == CHILD, np.maximum(year[head] + 24 + chance.below(10, count), 2006), year)
    year = np.where(role == ELDER, np.minimum(year[head] - 22 - chance.below(8, count), 1962), year)
    year = np.where(role == GROWN, year[head] + 23 + chance.below(6, count), year)
    year = np.where(role == MATE, 1986 + chance.below(17, count), year)
    year = np.where(role == STUDENT, 2000 + chance.below(6, count), year)
    birth = ((year - 1970) * 365.25).astype(np.int64) + chance.below(365, count)
    twin = (role == CHILD) & (place == 3) & twins_home & (chance.habit(head, 11) < rate("twins"))
    return man, np.where(twin, np.roll(birth, 1), birth)


def _names(
    chance: Chance, role: Array, place: Array, man: Array, birth: Array, father: Array
) -> tuple[Array, Array]:
    """Surname and given characters by era and sex; children carry the surname of the head."""
    known, count = characters(), len(role)
    common = np.concatenate(
        [
            np.array([7.1, 7.0, 6.7, 5.1, 4.7, 3.1, 2.3, 2.0, 1.9, 1.9]),
            1.45 * 0.972 ** np.arange(len(SURNAMES) - 10),
        ]
    )
    numbers = np.concatenate([known.numbers(SURNAMES), known.numbers(COMPOUND_SURNAMES)])
    rare = np.full(len(COMPOUND_SURNAMES), common.sum() * _COMPOUND_SHARE / len(COMPOUND_SURNAMES))
    surname = numbers[chance.choose(np.concatenate([common, rare]), count)]
    inherits = (
        (role == GROWN)
        | ((role == CHILD) & (chance.habit(father, 12) < 0.93))
        | ((role == ELDER) & (place % 2 == 1))
    )
    surname = np.where(inherits, surname[father], surname)
    era = np.digitize(birth, [0, 7305])
    given = np.full((count, 2), -1)
    for (sex, when), letters in GIVEN.items():
        rows = np.flatnonzero((man == (sex == "m")) & (era == when))
        weights = 1 / (np.arange(len(letters)) + 5.0)
        for column in (0, 1):
            given[rows, column] = known.numbers(letters)[chance.choose(weights, len(rows))]
        given[rows[chance.happens(SINGLE_GIVEN[when], len(rows))], 1] = -1
    return surname, given


def _homes(
    chance: Chance, template: Array, household: Array, role: Array
) -> tuple[places.Doors, places.Sites, Array, Array, Array]:
    homes = len(template)
    sites = places.build(chance, homes)
    kinds = chance.choose(
        np.array([1 - rate("village_share") - rate("town_share"), rate("town_share"), rate("village_share")]),
        homes,
    )
    kinds = np.where(
        template == 6,
        places.CAMPUS,
        np.where((template == 5) & (kinds == places.VILLAGE), places.URBAN, kinds),
    )
    site = places.site_of_kind(chance, sites, kinds)
    leaves = np.where(
        (role == STUDENT) | (role == MATE), chance.happens(rate("graduates_move"), len(role)), False
    )
    alone = np.flatnonzero(leaves)
    moving = np.flatnonzero(chance.happens(rate("move_share"), homes))
    old_site = np.concatenate([site[moving], site[household[alone]]])
    near = places.site_in_city(chance, sites, sites.city[old_site])
    far = places.site_of_kind(
        chance, sites, np.where(chance.happens(0.85, len(old_site)), places.URBAN, places.TOWN)
    )
    new_site = np.where((near >= 0) & chance.happens(0.67, len(old_site)), near, far)
    doors = places.doors(chance, sites, np.concatenate([site, new_site]))
    later = np.arange(homes)
    later[moving] = homes + np.arange(len(moving))
    moves_at = chance.rng.random(homes) * DAYS
    home_later, moves = later[household], moves_at[household]
    home_later[alone] = homes + len(moving) + np.arange(len(alone))
    moves[alone] = chance.rng.random(len(alone)) * DAYS
    return doors, sites, household.copy(), home_later, moves


def _offices(chance: Chance, sites: places.Sites, city: Array, count: int) -> Array:
    """An office by number (of a site in the city): an office tower holds few companies of this merchant's
    buyers.
    """
    site = places.site_in_city(chance, sites, city)
    return np.where(site >= 0, site * 4 + chance.choose(_COMPANY_SIZES, count), -1)
