"""Who buys: persons with phones, homes and the channels that they use, harsh on purpose.

Families share phones and homes, numbers are recycled, companies and scalpers lend theirs, twins share all but
the given name. What they buy is `orders.py`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.demo.clock import DAY, Calendar
from dagster_project.demo.words import CHANNEL_SHARES, CHANNELS, GIVEN, HOMOPHONES, PHONE_PREFIXES, SURNAMES

ORDERS_PER_PERSON = 2.4
CROSS_CHANNEL_SHARE = 0.6
MAX_CHANNELS = 4
FAMILY_PHONE, RECYCLED, AT_WORK, TWINS, MOVERS = 0.12, 0.012, 0.012, 0.006, 0.04
COMPANY_SPAN = 1250
"""One in so many persons lends a company's phone and front desk to the about 15 who order to it."""
SURNAME_SKEW = 0.75
"""Exponent of the surname frequencies: 王 is about fifteen times as common as the last one."""


def build(calendar: Calendar, orders: int) -> pl.DataFrame:
    """One row per person: p, name, typo_name, phone, family, home, next_home, moved_at, gender, birthday,
    channels (list of up to four), is_cross. `home` and `next_home` number the addresses from 0."""
    rng = calendar.rng("people")
    count = max(30, int(orders / ORDERS_PER_PERSON))
    p = np.arange(count)
    in_family = rng.random(count) < 0.3
    family = np.where(in_family & (p > 0), p - 1 - (rng.random(count) < 0.3) * (p > 1), p)
    family = family[family]
    surname = _surnames(rng, count)[family]
    given = np.array(GIVEN)
    second = np.where(rng.random(count) < 0.75, given[rng.integers(0, len(given), count)], "")
    first = given[rng.integers(0, len(given), count)]
    phone = _phones(rng, count)
    shared = rng.random(count) < FAMILY_PHONE
    phone = np.where(shared, phone[family], phone)
    phone = np.where(rng.random(count) < RECYCLED, phone[rng.integers(0, count, count)], phone)
    at_work, desk = rng.random(count) < AT_WORK, p // COMPANY_SPAN
    phone = np.where(at_work, phone[desk], phone)
    birthday = rng.integers(-9_000, 13_500, count)
    twin = (rng.random(count) < TWINS) & (family != p)
    people = pl.DataFrame(
        {
            "p": p,
            "name": np.char.add(np.char.add(surname, first), second),
            "phone": phone,
            "family": family,
            "gender": rng.choice(np.array(["男", "女"]), count),
            "birthday": np.where(twin, birthday[family], birthday),
            "moved_at": np.where(
                rng.random(count) < MOVERS, calendar.start + rng.integers(5, 55, count) * DAY, 0
            ),
            "is_cross": rng.random(count) < CROSS_CHANNEL_SHARE,
        }
    )
    homes = people["family"].rank("dense").to_numpy().astype(np.int64) - 1
    next_homes = int(homes.max()) + 1 + p
    return people.with_columns(
        home=pl.Series(np.where(at_work, homes[desk], homes)),
        next_home=pl.Series(next_homes),
        typo_name=pl.col("name").str.replace_many(HOMOPHONES),
        birthday=pl.col("birthday").cast(pl.Int32).cast(pl.Date),
        moved_at=pl.when(pl.col("moved_at") > 0).then("moved_at"),
        channels=_channels(rng, people["is_cross"].to_numpy()),
    )


def address_count(people: pl.DataFrame) -> int:
    """How many addresses `home` and `next_home` point to."""
    return int(people["next_home"].to_numpy()[-1]) + 1


def _surnames(rng: np.random.Generator, count: int) -> np.ndarray:
    weight = 1 / np.arange(1, len(SURNAMES) + 1) ** SURNAME_SKEW
    return np.array(SURNAMES)[rng.choice(len(SURNAMES), count, p=weight / weight.sum())]


def _phones(rng: np.random.Generator, count: int) -> np.ndarray:
    """Distinct mobile numbers as text: a prefix and eight digits that step through all of them."""
    prefix = np.array(PHONE_PREFIXES)[rng.integers(0, len(PHONE_PREFIXES), count)]
    digits = (np.arange(count) * 61_803_399 + int(rng.integers(1, 10**8))) % 10**8
    return np.char.add(prefix, np.char.zfill(digits.astype(str), 8))


def _channels(rng: np.random.Generator, is_cross: np.ndarray) -> pl.Series:
    """The channels of each person, drawn without replacement by market share: one, or two to four."""
    count = len(is_cross)
    keys = np.log(CHANNEL_SHARES) + rng.gumbel(size=(count, len(CHANNELS)))
    best = np.argsort(-keys, axis=1)[:, :MAX_CHANNELS]
    size = np.where(is_cross, rng.choice([2, 3, 4], count, p=[0.6, 0.28, 0.12]), 1)
    ranked = pl.Series(np.array(CHANNELS)[best], dtype=pl.Array(pl.String, MAX_CHANNELS)).arr.to_list()
    return pl.DataFrame({"c": ranked, "n": size}).select(pl.col("c").list.head("n")).to_series()
