"""Which order a payment, a chat or a ticket is about: rarely somebody else's. Changes `order` and, of
payments by a relative, whose order it is; nothing else."""

from __future__ import annotations

import numpy as np

from benchmarks.held_out_world import happenings as happened_
from benchmarks.held_out_world import people as population
from benchmarks.held_out_world.chance import Array, Chance
from benchmarks.held_out_world.rates import rate

_ABOUT = {
    # Touchpoint: share that names an order, touchpoints of the orders, share about another's order.
    happened_.WX_PAY: (0.85, (happened_.WX_ORDER, happened_.RECEIPT), "pay_for_other"),
    happened_.CHAT: (0.40, (happened_.ORDER, happened_.WX_ORDER), "quotes_other_order"),
    happened_.TICKET: (0.75, (happened_.ORDER, happened_.WX_ORDER), None),
}
"""Chats begin before the sale more often than after it; a ticket is opened about an order."""

_ORDERLESS_IN_WECHAT = 0.35
"""Questions before the sale that come through the mini-program's window."""


def link(chance: Chance, people: population.People, happened: happened_.Happenings) -> None:
    """Fills `order`: a row of one's own orders, if one has any, and that order's channel for chats and
    tickets.
    """
    rows = np.arange(len(happened.person))
    own = np.isin(happened.touchpoint, (happened_.ORDER, happened_.WX_ORDER, happened_.RECEIPT))
    happened.order[:] = np.where(own, rows, -1)
    for touchpoint, (share, kinds, of_other) in _ABOUT.items():
        asks = np.flatnonzero((happened.touchpoint == touchpoint) & chance.happens(share, len(rows)))
        whose = happened.person[asks]
        if of_other:
            other = chance.happens(rate(of_other), len(asks))
            friend = (chance.key(whose, chance.below(4, len(asks))) % np.uint64(len(people))).astype(np.int64)
            stranger = np.where(chance.happens(0.5, len(asks)), people.partner[whose], friend)
            whose = np.where(other, stranger, whose)
        orders = np.flatnonzero(np.isin(happened.touchpoint, kinds))
        happened.order[asks] = _one_of(chance, orders, happened.person[orders], whose)
    about = (happened.order >= 0) & np.isin(happened.touchpoint, (happened_.CHAT, happened_.TICKET))
    happened.channel[about] = happened.channel[happened.order[about]]
    chats = np.flatnonzero((happened.touchpoint == happened_.CHAT) & (happened.order < 0))
    draw, guests = chance.rng.random(len(chats)), rate("anonymous_chat")
    happened.channel[chats[draw < guests]] = happened_.OWN_APP
    happened.channel[chats[draw > 1 - _ORDERLESS_IN_WECHAT]] = happened_.WX_MINI


def _one_of(chance: Chance, orders: Array, owner: Array, whose: Array) -> Array:
    """A random order of each one; -1 where there is none."""
    if not len(orders):
        return np.full(len(whose), -1)
    by_owner = orders[np.argsort(owner, kind="stable")]
    owner = np.sort(owner, kind="stable")
    first = np.searchsorted(owner, whose, side="left")
    found = np.searchsorted(owner, whose, side="right") - first
    return np.where(
        found > 0, by_owner[(first + chance.below(found, len(whose))).clip(0, len(orders) - 1)], -1
    )
