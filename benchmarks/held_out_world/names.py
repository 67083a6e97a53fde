"""How a name is written: whole, courteous, misspelt, in pinyin, masked as a channel does."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.held_out_world import happenings as happened_
from benchmarks.held_out_world import people as population
from benchmarks.held_out_world.chance import Array, Chance, either, joined, letters, take
from benchmarks.held_out_world.characters import characters
from benchmarks.held_out_world.rates import rate

CLEAR, MASKED, CIPHER = range(3)
_MASKS = {
    # How a masked name looks, with the share of each look.
    happened_.DOUYIN: (("first_stars", 0.85), ("first_star", 0.15)),
    happened_.PDD: (("first_two_stars", 0.6), ("first_stars", 0.4)),
    happened_.JD: (("first_stars", 0.5), ("star_last", 0.5)),
    happened_.TAOBAO: (("first_two_stars", 1.0),),
    happened_.KUAISHOU: (("star_rest", 0.6), ("first_stars", 0.4)),
    happened_.WX_SHOP: (("first_two_stars", 0.5), ("star_last", 0.5)),
}
"""王* 王** (as long as the name), 王** (always), *明, *小明: each channel has its own and changed it once."""


def spelt(chance: Chance, people: population.People, who: Array, touchpoint: Array) -> pl.Series:
    """The name as somebody gave it, before a channel masks it. Mistakes are made where people type or
    hear.
    """
    known, count = characters(), len(who)
    surname, given = people.surname[who].copy(), people.given[who].copy()
    by_hand = np.where(np.isin(touchpoint, (happened_.SCAN, happened_.TICKET)), 3.0, 1.0)
    for table, share in (
        (known.by_sound, rate("name_sound_typo")),
        (known.by_shape, rate("name_shape_typo")),
    ):
        wrong = chance.happens(share * by_hand, count)
        column = np.where(given[:, 1] < 0, 0, chance.below(2, count))
        rows = np.flatnonzero(wrong)
        given[rows, column[rows]] = table[given[rows, column[rows]]]
        heard = wrong & chance.happens(0.15, count)
        surname = np.where(heard, table[surname], surname)
    texts = [take(known.text, part).fill_null("") for part in (surname, given[:, 0], given[:, 1])]
    full = joined(*texts)
    abroad = people.overseas[who]
    foreign = _abroad(chance, people, who, surname, given)
    full = either(abroad, foreign, full)
    courteous = chance.happens(rate("name_courtesy") * by_hand, count) & ~abroad
    full = either(courteous, _courteous(chance, people, who, texts), full)
    ends = ["", "收", "（收）", "(代收)", "3栋", "放驿站", " 先生"]
    suffix = chance.happens(rate("name_suffix"), count) & np.isin(
        touchpoint, (happened_.ORDER, happened_.WX_ORDER)
    )
    return joined(full, take(ends, np.where(suffix, 1 + chance.below(6, count), 0)))


def _abroad(chance: Chance, people: population.People, who: Array, surname: Array, given: Array) -> pl.Series:
    """Wang Xiaoming, XIAOMING WANG or 張國華; a habit."""
    known = characters()
    sounds = [take(known.pinyin, part).fill_null("") for part in (surname, given[:, 0], given[:, 1])]
    last, first = sounds[0].str.to_titlecase(), joined(sounds[1], sounds[2]).str.to_titlecase()
    west = joined(last, " ", first)
    west = either(chance.habit(who, 51) < 0.4, joined(first, " ", last).str.to_uppercase(), west)
    traditional = joined(
        *[take(known.traditional, part).fill_null("") for part in (surname, given[:, 0], given[:, 1])]
    )
    return either(chance.habit(who, 52) < 0.5, traditional, west)


def _courteous(chance: Chance, people: population.People, who: Array, texts: list[pl.Series]) -> pl.Series:
    """王女士, 陈先生, 小李, 王姐, or the given name alone."""
    woman = ~people.man[who]
    women = take(["女士", "小姐", "姐", "太太"], chance.choose(np.array([6, 2, 2, 1]), len(who)))
    men = take(["先生", "总", "哥", "师傅"], chance.choose(np.array([7, 1, 2, 1]), len(who)))
    title = either(woman, women, men)
    form = chance.rng.random(len(who))
    little = either(form < 0.85, joined("小", texts[0]), joined(texts[1], texts[2]))
    return either(form < 0.7, joined(texts[0], title), little)


def masked(
    chance: Chance, people: population.People, who: Array, full: pl.Series, channel: Array
) -> pl.Series:
    """The name behind the channel's stars."""
    first = take(characters().text, people.surname[who]).str.slice(0, 1)
    first = either(people.overseas[who], full.str.slice(0, 1), first)
    length = full.str.len_chars().clip(2, 4)
    stars = take(["", "*", "**", "***"], (length - 1).to_numpy().astype(np.int64))
    looks = {
        "first_stars": joined(first, stars),
        "first_star": joined(first, "*"),
        "first_two_stars": joined(first, "**"),
        "star_last": joined(stars, full.str.slice(-1)),
        "star_rest": joined("*", full.str.slice(1)),
    }
    draw, shown = chance.rng.random(len(who)), looks["first_stars"]
    for number, shares in _MASKS.items():
        begins = 0.0
        for look, share in shares:
            shown = either(
                (channel == number) & (draw >= begins) & (draw < begins + share), looks[look], shown
            )
            begins += share
    return shown


def cipher(chance: Chance, rows: Array) -> pl.Series:
    """##…## of the platform: another text on each order."""
    return joined("##", letters(chance.key(rows, 53), 11), "==##")
