"""Whose number rings when: own, second, changed, recycled, of a parent or a child, of a company. What a
channel shows of a number is in `masks`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.held_out_world import people as population
from benchmarks.held_out_world.chance import Array, Chance
from benchmarks.held_out_world.rates import rate

_PREFIXES = (
    "139 138 137 136 135 134 159 158 157 150 151 152 147 188 187 182 183 184 178 198 "  # China Mobile
    "130 131 132 155 156 186 185 176 166 145 175 "  # China Unicom
    "133 153 189 180 181 177 173 199 191 149 193"  # China Telecom
)
_OLD_PREFIX_WEIGHT = 2.0
"""The 13x ranges are the fullest."""
_VIRTUAL_PREFIXES = "170 171 165 167 162"
QUARANTINE_DAYS = 90
"""A number that was given up is sold again after three months (operators' rule)."""
SCALPER_NUMBERS = 5


@dataclass(frozen=True)
class Phones:
    """Numbers by person, as integers; the later one holds from `changes_at` (days)."""

    first: Array
    later: Array
    changes_at: Array
    second: Array
    recycled_from: Array
    """The person who had the later number before; -1 for a fresh one."""
    of_office: Array
    """By office; 0 for offices that do not buy with one number."""
    of_site: Array
    """By site: the shopkeeper's of a village."""
    of_scalper: Array
    """Five for each person, used of scalpers."""


def build(chance: Chance, people: population.People) -> Phones:
    """Numbers for all."""
    count = len(people)
    offices, sites = int(people.office.max()) + 1, len(people.sites.kind)
    fresh = _numbers(chance, _PREFIXES, count * 3 + offices + sites)
    first, later, second = (
        fresh[:count].copy(),
        fresh[count : 2 * count].copy(),
        fresh[2 * count : 3 * count].copy(),
    )
    no_own = (people.role == population.ELDER) & chance.happens(rate("no_own_phone_elder"), count)
    no_own |= (people.role == population.CHILD) & chance.happens(rate("no_own_phone_child"), count)
    changes = chance.happens(rate("phone_change"), count) & ~no_own
    changes_at = np.where(changes, chance.rng.random(count) * population.DAYS, np.inf)
    donor = _donors(chance, changes_at)
    later = np.where(donor >= 0, first[donor], later)
    first = np.where(no_own, first[people.helper], first)
    later = np.where(no_own, later[people.helper], later)
    changes_at = np.where(no_own, changes_at[people.helper], changes_at)
    second = np.where(chance.happens(rate("second_phone"), count) & ~no_own, second, 0)
    of_office = np.where(chance.happens(rate("one_number_company"), offices), fresh[3 * count :][:offices], 0)
    scalpers = _numbers(chance, _VIRTUAL_PREFIXES, count * SCALPER_NUMBERS).reshape(count, SCALPER_NUMBERS)
    return Phones(
        first, later, changes_at, second, np.where(no_own, -1, donor), of_office, fresh[-sites:], scalpers
    )


def of(phones: Phones, person: Array, day: Array) -> Array:
    """The main number on that day."""
    return np.where(day < phones.changes_at[person], phones.first[person], phones.later[person])


def _donors(chance: Chance, changes_at: Array) -> Array:
    """For some who take a new number: who gave it up at least 90 days before; each number goes to one."""
    takers = np.flatnonzero(
        np.isfinite(changes_at) & chance.happens(rate("recycled_to_customer"), len(changes_at))
    )
    givers = np.flatnonzero(np.isfinite(changes_at))
    givers = givers[np.argsort(changes_at[givers], kind="stable")]
    able = np.searchsorted(changes_at[givers], changes_at[takers] - QUARANTINE_DAYS)
    takers, able = takers[able > 0], able[able > 0]
    donor = givers[chance.below(able, len(takers))]
    _, once = np.unique(donor, return_index=True)
    found = np.full(len(changes_at), -1)
    found[takers[once]] = donor[once]
    return found


def _numbers(chance: Chance, prefixes: str, count: int) -> Array:
    """So many different numbers, in no order."""
    starts = np.array([int(prefix) for prefix in prefixes.split()])
    weights = np.where(starts < 140, _OLD_PREFIX_WEIGHT, 1.0)
    drawn = starts[chance.choose(weights, count + count // 20 + 10)] * 100_000_000
    drawn = np.unique(drawn + chance.below(100_000_000, len(drawn)))
    return chance.rng.permutation(drawn)[:count]
