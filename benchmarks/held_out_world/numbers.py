"""How a phone number is written: whole, dummy or mistyped at the till, masked, virtual with an extension.

Whose number it is is decided in `phones` and `happenings`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.held_out_world import happenings as happened_
from benchmarks.held_out_world.chance import Array, Chance, either, joined, letters, take
from benchmarks.held_out_world.rates import rate

NONE, FULL, MASKED, VIRTUAL, CIPHER, DUMMY = range(6)
KINDS = ("none", "full", "masked", "virtual", "cipher", "dummy")

_SHOWN_BY = {
    # Channel: day from which numbers are hidden, share whole before, and after it: whole, masked,
    # virtual, cipher.
    happened_.DOUYIN: (0, 0.0, (0.10, 0.72, 0.00, 0.18)),
    happened_.PDD: (120, 0.35, (0.06, 0.34, 0.58, 0.02)),
    happened_.JD: (250, 0.80, (0.20, 0.80, 0.00, 0.00)),
    happened_.TAOBAO: (0, 0.0, (0.08, 0.80, 0.00, 0.12)),
    happened_.KUAISHOU: (200, 0.60, (0.10, 0.78, 0.08, 0.04)),
    happened_.WX_SHOP: (400, 0.85, (0.18, 0.30, 0.52, 0.00)),
}
"""The platforms began to hide receivers between 2021 and 2023; what is whole since then came through a
licensed ERP. Merchants export with different rights, hence the mixtures."""
_DUMMIES = (
    (13800000000, 30), (12345678900, 8), (13888888888, 12), (13000000000, 10), (18888888888, 8),
    (11111111111, 8), (13800138000, 6), (13912345678, 6), (13999999999, 6), )  # fmt: skip
"""What cashiers type, with weights; 13800138000 is China Mobile's own service number."""
_TILLS = 40
"""Stores that type their own number for a customer without one; a third of all dummies."""
_PER_VIRTUAL = 30
"""Parcels over four years that got the same middle number; the extension tells them apart."""


def kinds(chance: Chance, happened: happened_.Happenings) -> Array:
    """What kind of number each record shows."""
    count = len(happened.person)
    kind = np.full(count, NONE)
    order = np.isin(happened.touchpoint, (happened_.ORDER, happened_.WX_ORDER))
    kind[order] = FULL
    draw = chance.rng.random(count)
    for channel, (hidden_from, whole_before, shares) in _SHOWN_BY.items():
        rows = np.flatnonzero(order & (happened.channel == channel))
        later = np.searchsorted(np.cumsum(shares), draw[rows]).clip(0, 3) + 1
        earlier = np.where(draw[rows] < whole_before, FULL, MASKED)
        kind[rows] = np.where(happened.day[rows] < hidden_from, earlier, later)
    asked = {
        happened_.MINI: rate("phone_consent"),
        happened_.WECOM: 0.2,
        happened_.APP: 0.9,
        happened_.SCAN: 0.93,
        happened_.CHAT: 0.05,
        happened_.TICKET: 0.97,
    }
    for touchpoint, share in asked.items():
        at = happened.touchpoint == touchpoint
        give = chance.habit(happened.person, 61) if touchpoint == happened_.MINI else draw
        kind = np.where(at & (give < share), FULL, kind)
    kind = np.where(
        (happened.touchpoint == happened_.SCAN) & chance.happens(rate("till_dummy"), count), DUMMY, kind
    )
    virtual = (happened.touchpoint == happened_.TICKET) & chance.happens(rate("ticket_by_virtual"), count)
    return np.where(virtual, VIRTUAL, kind)


def mistyped(chance: Chance, happened: happened_.Happenings) -> Array:
    """The numbers; at the till and on the phone a digit is wrong or two are swapped now and then."""
    count, number = len(happened.phone), happened.phone
    by_hand = np.isin(happened.touchpoint, (happened_.SCAN, happened_.TICKET))
    wrong = by_hand & chance.happens(rate("till_typo"), count)
    place = 10 ** chance.below(8, count)
    digit, above = number // place % 10, number // (place * 10) % 10
    swapped = number + (above - digit) * place + (digit - above) * place * 10
    other = number + ((digit + 1 + chance.below(9, count)) % 10 - digit) * place
    return np.where(wrong, np.where(chance.happens(0.4, count), swapped, other), number)


def dummies(chance: Chance, count: int) -> Array:
    """A dummy of the till for each."""
    known = np.array([number for number, _ in _DUMMIES])[
        chance.choose(np.array([w for _, w in _DUMMIES]), count)
    ]
    own = 13_900_000_000 + (chance.key(chance.below(_TILLS, count), 62) % np.uint64(100_000_000)).astype(
        np.int64
    )
    return np.where(chance.happens(0.33, count), own, known)


def written(chance: Chance, number: Array, kind: Array, channel: Array) -> pl.Series:
    """The cell of each number."""
    count = len(number)
    text = pl.Series(number).cast(pl.String)
    head, tail = text.str.slice(0, 3), text.str.slice(7)
    stars = joined(head, "****", tail)
    jd = joined("1******", tail)
    tmall = joined("*******", tail)
    draw = chance.rng.random(count)
    masked = either((channel == happened_.JD) & (draw < 0.55), jd, stars)
    masked = either((channel == happened_.TAOBAO) & (draw < 0.15), tmall, masked)
    pool = max(10, count // (_PER_VIRTUAL * 5))
    middle = 18_400_000_000 + (
        chance.key(chance.below(pool, count), channel, 63) % np.uint64(100_000_000)
    ).astype(np.int64)
    extension = joined(
        take(["-", "转", ",", "_"], chance.choose(np.array([6, 2, 1, 1]), count)),
        pl.Series(1000 + chance.below(9000, count)),
    )
    bare = chance.happens(rate("virtual_without_extension"), count)
    virtual = joined(pl.Series(middle), either(bare, pl.Series([""] * count, dtype=pl.String), extension))
    shown = either(kind == MASKED, masked, text)
    shown = either(kind == VIRTUAL, virtual, shown)
    secret = joined("$$", letters(chance.key(np.arange(count), 64), 8), "$1$$")
    shown = either(kind == CIPHER, secret, shown)
    shown = either(kind == DUMMY, pl.Series(dummies(chance, count)).cast(pl.String), shown)
    return either(kind != NONE, shown, pl.Series([None] * count, dtype=pl.String))
