"""What happened: who acted where and when, and whose name, number and door the record shows.

Which of it a touchpoint writes down, and in which form, is in `touchpoints`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.identity_world import texts
from benchmarks.identity_world.people import DAYS, People
from benchmarks.identity_world.texts import Bools, Ints, Random

TOUCHPOINTS = (
    "wechat_oa_follow", "wechat_miniprogram_login", "wecom_external_contact", "wechat_shop_order",
    "wechat_pay_receipt", "app_register_login", "app_device_push", "app_order_checkout", "pos_member_scan",
    "pos_receipt_payment", "cs_im_session", "cs_phone_ticket",
)  # fmt: skip
_MIX = (0.07, 0.09, 0.05, 0.10, 0.05, 0.07, 0.05, 0.27, 0.09, 0.03, 0.07, 0.06)
PLATFORMS = ("douyin", "taobao", "pinduoduo", "jd", "kuaishou", "app")
_PLATFORM_MIX = (0.26, 0.24, 0.18, 0.14, 0.06, 0.12)
ORDERS = ("wechat_shop_order", "app_order_checkout")
_HABITS = (0.5, 0.25, 0.15, 0.10)
"""How a person's records spread over four habits of theirs, each a touchpoint and a platform."""
_ACTIVITY = 0.9
"""Sigma of the logarithm of how much a person does."""
_AT_WORK, _FOR_RELATIVE, _FOR_FRIEND, _BY_RESELLER = 0.45, 0.09, 0.06, 0.75
"""Shares of orders: of employed people to their firm; to a relative; to somebody else; of a reseller's
clients."""
_FRONT_DESK, _BORROWS, _STALE = 0.40, 0.20, 0.10
"""Shares: of parcels at work under the firm's number; of records under a relative's number; of records with
the number or home of before."""


def touchpoint(name: str) -> int:
    return TOUCHPOINTS.index(name)


@dataclass(frozen=True)
class Acts:
    """One row a record. `person` is the truth; `actor` who acted; `shown` whose name is on it."""

    actor: Ints
    person: Ints
    shown: Ints
    touchpoint: Ints
    platform: Ints
    day: Ints
    second: Ints
    number: Ints
    place: Ints
    """Place of the door: homes first, then firms, then resellers."""
    at_firm: Bools
    has_account: Bools
    """The buyer's account is on the record, if the touchpoint is an order."""

    @property
    def count(self) -> int:
        return self.actor.size

    def at(self, *names: str) -> Bools:
        """Records of these touchpoints."""
        return np.isin(self.touchpoint, [touchpoint(name) for name in names])

    def on(self, *names: str) -> Bools:
        """Records of these platforms."""
        return np.isin(self.platform, [PLATFORMS.index(name) for name in names])


def make_acts(random: Random, people: People, count: int) -> Acts:
    """`count` records of the people, busy ones oftener."""
    busy = np.cumsum(random.lognormal(0.0, _ACTIVITY, people.count))
    actor = np.searchsorted(busy, random.random(count) * busy[-1]).clip(0, people.count - 1)
    habit = random.choice(4, p=_HABITS, size=count)
    touchpoints = random.choice(len(TOUCHPOINTS), p=_MIX, size=(people.count, 4))[actor, habit]
    platforms = random.choice(len(PLATFORMS), p=_PLATFORM_MIX, size=(people.count, 4))[actor, habit]
    day = (DAYS * np.sqrt(random.random(count))).astype(np.int64)
    is_order = np.isin(touchpoints, [touchpoint(name) for name in ORDERS])
    relative = people.first[actor] + random.integers(0, 10**6, count) % people.members[actor]
    shown = actor.copy()
    chance = random.random(count)
    for_relative = is_order & (chance < _FOR_RELATIVE)
    for_friend = is_order & (chance >= 1 - _FOR_FRIEND)
    shown[for_relative] = relative[for_relative]
    shown[for_friend] = random.integers(0, people.count, int(for_friend.sum()))
    stale = random.random(count) < _STALE
    now = ((day >= people.changed[shown]) & ~stale).astype(np.int64)
    number = people.numbers[shown, now]
    borrows = ~for_friend & (random.random(count) < _BORROWS)
    number[borrows] = people.numbers[relative[borrows], 0]
    place = people.homes[shown, ((day >= people.moved[shown]) & ~stale).astype(np.int64)]
    employed = is_order & ~for_relative & ~for_friend & (people.company[actor] >= 0)
    at_work = employed & (random.random(count) < _AT_WORK)
    place[at_work] = people.homes_count + people.company[actor[at_work]]
    front_desks = texts.mobiles(random, people.companies_count)
    desk = at_work & (random.random(count) < _FRONT_DESK)
    number[desk] = front_desks[people.company[actor[desk]]]
    resold = is_order & (people.reseller[actor] >= 0) & (random.random(count) < _BY_RESELLER)
    of = people.reseller[actor[resold]]
    number[resold] = texts.mobiles(random, people.resellers_count)[of]
    place[resold] = people.homes_count + people.companies_count + of
    shown[resold] = actor[resold]
    account_shown = np.where(np.isin(platforms, [0, 2, 4]), 0.0, np.where(platforms == 1, 0.55, 1.0))
    has_account = is_order & (
        (touchpoints == touchpoint("wechat_shop_order")) | (random.random(count) < account_shown)
    )
    return Acts(
        actor=actor,
        person=np.where(is_order & ~has_account, shown, actor),
        shown=shown,
        touchpoint=touchpoints,
        platform=platforms,
        day=day,
        second=random.integers(7 * 3600, 24 * 3600, count),
        number=number,
        place=place,
        at_firm=at_work,
        has_account=has_account,
    )


def rank_within(group: Ints) -> Ints:
    """0, 1, 2 … for each row among the rows of its group, in row order."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    counted = np.arange(group.size) - np.repeat(starts, np.diff(np.r_[starts, group.size]))
    rank = np.empty_like(counted)
    rank[order] = counted
    return rank


def quoted_order(random: Random, acts: Acts, people: People, asks: Bools) -> Ints:
    """For each record that `asks`: the row of an order of the actor, seldom of a relative; -1 for none."""
    orders = np.flatnonzero(acts.at(*ORDERS))
    orders = orders[np.argsort(acts.actor[orders], kind="stable")]
    by = np.bincount(acts.actor[orders], minlength=people.count)
    starts = np.cumsum(by) - by
    who = acts.actor.copy()
    for_other = random.random(acts.count) < 0.06
    other = people.first[who] + random.integers(0, 10**6, acts.count) % people.members[who]
    who = np.where(for_other, other, who)
    chosen = starts[who] + random.integers(0, 10**6, acts.count) % np.maximum(by[who], 1)
    known = asks & (by[who] > 0)
    found = np.full(acts.count, -1)
    found[known] = orders[chosen[known]]
    return found
