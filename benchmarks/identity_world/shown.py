"""Names, numbers and doors as a record shows them: in full, misspelt, masked, enciphered, as a dummy.

Which touchpoint shows what is in `touchpoints`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.identity_world import texts
from benchmarks.identity_world.contacts import Acts
from benchmarks.identity_world.people import People
from benchmarks.identity_world.texts import Bools, Random

_MISSPELT, _CALLED, _OTHERWISE = 0.04, 0.07, 0.03
_DUMMY, _WRONG_DIGIT, _EXTENSION = 0.05, 0.01, 0.02
_NICKNAMES = (
    "快乐每一天", "小幸运", "平安是福", "向日葵", "一路繁花", "阳光", "momo", "云淡风轻", "A", "知足常乐",
)  # fmt: skip
_VIRTUAL_PER = 6
"""Parcels for each number of the platform's pool."""


def names(random: Random, acts: Acts, people: People, is_masked: Bools) -> pl.Series:
    """The name of the person shown, as somebody typed it; masked where the platform does so."""
    full = people.name.gather(pl.Series(acts.shown))
    surname = people.surname.gather(pl.Series(acts.shown))
    chance = random.random(acts.count)
    typed = full.zip_with(pl.Series(chance >= _MISSPELT), texts.misspelt(random, full))
    vague = pl.Series(chance >= 1 - _CALLED)
    typed = typed.zip_with(~vague, texts.called(random, surname, people.is_male[acts.shown]))
    other = (chance >= _MISSPELT) & (chance < _MISSPELT + _OTHERWISE)
    typed = typed.zip_with(pl.Series(~other), nicknames(random, acts, people))
    length = typed.str.len_chars()
    ended = typed.str.head(1) + "*"
    ends = typed.str.head(1) + "*" + typed.str.slice(-1)
    stars = typed.str.head(1) + "**"
    style = pl.Series(acts.platform % 3)
    masks = ended.zip_with(style == 0, stars.zip_with((style == 1) | (length < 3), ends))
    return masks.zip_with(pl.Series(is_masked), typed)


def nicknames(random: Random, acts: Acts, people: People) -> pl.Series:
    """What a person calls himself: mostly one of few words, a number behind it."""
    base = texts.words(_NICKNAMES, acts.shown * 7_919 % len(_NICKNAMES))
    own = base + pl.Series(acts.shown * 104_729 % 997).cast(pl.String)
    given = people.name.gather(pl.Series(acts.shown)).str.slice(1)
    kind = pl.Series(acts.shown % 3)
    return base.zip_with(kind == 0, own.zip_with(kind == 1, given))


def typed_numbers(random: Random, acts: Acts) -> pl.Series:
    """Numbers as people and clerks type them: with blanks, a country code, a wrong digit, a dummy."""
    chance = random.random(acts.count)
    wrong = chance < _WRONG_DIGIT
    number = np.where(wrong, acts.number + 10 ** random.integers(0, 7, acts.count), acts.number)
    plain = pl.Series(number).cast(pl.String)
    style = random.integers(0, 40, acts.count)
    spaced = plain.str.slice(0, 3) + " " + plain.str.slice(3, 4) + " " + plain.str.slice(7)
    dashed = plain.str.slice(0, 3) + "-" + plain.str.slice(3, 4) + "-" + plain.str.slice(7)
    plain = spaced.zip_with(pl.Series(style == 0), plain)
    plain = dashed.zip_with(pl.Series(style == 1), plain)
    plain = ("+86" + plain).zip_with(pl.Series(style == 2), plain)
    by_clerk = acts.at("pos_member_scan", "cs_phone_ticket", "wecom_external_contact")
    dummy = by_clerk & (chance >= 1 - _DUMMY)
    drawn = texts.words(texts.DUMMIES, texts.pick(random, texts.DUMMIES, acts.count, 1.2))
    return drawn.zip_with(pl.Series(dummy), plain)


def masked_numbers(numbers: pl.Series) -> pl.Series:
    return numbers.str.slice(0, 3) + "****" + numbers.str.slice(7)


def ciphers(random: Random, count: int) -> pl.Series:
    """What a platform exports to who may not read it: another text each time."""
    drawn = random.integers(0, 2**62, count)
    return "$$" + texts.code("", drawn) + "==$1$$"


def virtual_numbers(random: Random, is_virtual: Bools) -> pl.Series:
    """A number of the platform's pool for every row, half of them with an extension."""
    count = is_virtual.size
    pool = max(int(is_virtual.sum()) // _VIRTUAL_PER, 20)
    plain = pl.Series(texts.virtuals(random, pool, count)).cast(pl.String)
    extension = pl.Series(random.integers(1000, 10000, count)).cast(pl.String)
    return (plain + "-" + extension).zip_with(pl.Series(random.random(count) < 0.5), plain)
