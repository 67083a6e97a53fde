"""What happened: a person, a day, a touchpoint, a channel, and, of an order, who receives it where under
which number. The columns that an export shows of it are in `shown`.

A record belongs to whom it shows: an order to its buyer where the channel shows an account (京东, APP,
微信小店, half of 淘宝), else to the receiver named on it; a payment to the payer; a scan at the till to
who stands there; a ticket to whom it is about, whoever called.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.held_out_world import people as population
from benchmarks.held_out_world import phones as numbers
from benchmarks.held_out_world import places
from benchmarks.held_out_world.chance import Array, Chance
from benchmarks.held_out_world.rates import rate

TOUCHPOINTS = (
    "wechat_oa_follow", "wechat_miniprogram_login", "wecom_external_contact", "wechat_shop_order",
    "wechat_pay_receipt", "app_register_login", "app_device_push", "app_order_checkout",
    "pos_member_scan", "pos_receipt_payment", "cs_im_session", "cs_phone_ticket",
)  # fmt: skip
OA, MINI, WECOM, WX_ORDER, WX_PAY, APP, PUSH, ORDER, SCAN, RECEIPT, CHAT, TICKET = range(12)
CHANNELS = ("douyin", "pinduoduo", "jd", "taobao", "kuaishou", "app", "wechat_shop", "wechat_mini", "pos")
DOUYIN, PDD, JD, TAOBAO, KUAISHOU, OWN_APP, WX_SHOP, WX_MINI, POS = range(9)

_MIXES = np.array(
    [  # Each row a way to buy; the columns are TOUCHPOINTS.
        [3, 2, 1, 3, 2, 1, 1, 78, 1, 1, 6, 2],  # platforms only
        [20, 18, 9, 17, 19, 1, 1, 4, 3, 2, 5, 1],  # WeChat
        [7, 8, 9, 1, 3, 1, 1, 2, 38, 26, 1, 3],  # shops in town
        [5, 5, 2, 3, 4, 20, 24, 28, 3, 2, 3, 1],  # the merchant's APP
        [9, 9, 6, 7, 9, 6, 6, 26, 9, 6, 4, 3],  # everything
    ]
)
_MIX_SHARES = np.array([0.42, 0.20, 0.16, 0.08, 0.14])
_PLATFORMS = np.array([0.29, 0.23, 0.13, 0.23, 0.09, 0.03])
"""Orders by channel without a habit; three of four orders go to one's main platform."""
DOOR, STATION, DESK, WAREHOUSE = range(4)
SHOWS_ACCOUNT = np.isin(np.arange(len(CHANNELS)), (JD, OWN_APP, WX_SHOP))


@dataclass
class Happenings:
    """One row a record, as arrays of the same length."""

    person: Array
    day: Array
    touchpoint: Array
    channel: Array
    account_shown: Array
    buyer: Array
    """Whose account, openid or WeChat it is; the person, but for orders that somebody else made for them."""
    named: Array
    """Who is named on it."""
    phone: Array
    """The number that was given, before a channel masks it; 0 for none."""
    home: Array
    """The door (row of `people.doors`) that it goes to."""
    place: Array
    """Door, parcel station, office desk, forwarding warehouse."""
    office: Array
    order: Array
    """The order that it is about (a row), its own for orders and receipts; -1 for none."""


def build(chance: Chance, people: population.People, phones: numbers.Phones, count: int) -> Happenings:
    """So many records, in order of time."""
    person = chance.choose(people.activity, count)
    begins = (np.sqrt(chance.rng.random(len(people))) * population.DAYS * 0.97)[person]  # a growing business
    stays = chance.rng.exponential(500, len(people))[person] + 1
    day = np.minimum(begins + chance.rng.random(count) * stays, population.DAYS - chance.rng.random(count))
    order = np.argsort(day, kind="stable")
    person, day = person[order], day[order]
    touchpoint = _touchpoints(chance, people, person)
    channel = _channels(chance, person, touchpoint)
    shown = SHOWS_ACCOUNT[channel] & np.isin(touchpoint, (ORDER, WX_ORDER))
    shown |= (
        (channel == TAOBAO)
        & (touchpoint == ORDER)
        & (chance.habit(np.arange(count), 21) >= rate("account_masked_taobao"))
    )
    receiver, by_reseller = _receivers(chance, people, person, touchpoint)
    buyer = person.copy()
    is_order = np.isin(touchpoint, (ORDER, WX_ORDER))
    person = np.where(is_order & ~shown & ~(people.scalper[person]), receiver, person)
    phone = _phones(chance, people, phones, receiver, day, channel)
    phone = np.where(by_reseller, numbers.of(phones, buyer, day), phone)
    happened = Happenings(
        person, day, touchpoint, channel, shown, buyer, receiver, phone,
        np.where(day < people.moves_at[receiver], people.home[receiver], people.home_later[receiver]),
        np.full(count, DOOR), people.office[receiver], np.full(count, -1),
    )  # fmt: skip
    _scalpers(chance, people, phones, happened)
    _places(chance, people, phones, happened)
    return happened


def _touchpoints(chance: Chance, people: population.People, person: Array) -> Array:
    """By each one's way to buy; resellers and scalpers order above all."""
    alike = chance.habit(np.arange(len(people)), 26) < rate("buys_like_the_household")
    taste = np.where(alike, chance.habit(people.household, 27), chance.habit(np.arange(len(people)), 22))
    mix = np.searchsorted(np.cumsum(_MIX_SHARES), taste).clip(0, 4)
    mix = np.where(
        (people.role == population.ELDER) & (chance.habit(np.arange(len(people)), 23) < 0.5), 2, mix
    )
    mix = np.where(people.scalper | people.reseller, 0, mix)
    touchpoint = np.zeros(len(person), dtype=np.int64)
    for number, weights in enumerate(_MIXES):
        rows = np.flatnonzero(mix[person] == number)
        touchpoint[rows] = chance.choose(weights, len(rows))
    return touchpoint


def _channels(chance: Chance, person: Array, touchpoint: Array) -> Array:
    main = np.searchsorted(np.cumsum(_PLATFORMS), chance.habit(person, 24)).clip(0, OWN_APP)
    platform = np.where(chance.happens(0.75, len(person)), main, chance.choose(_PLATFORMS, len(person)))
    fixed = np.array([WX_MINI, WX_MINI, WX_SHOP, WX_SHOP, WX_MINI, OWN_APP, OWN_APP, -1, POS, POS, -1, -1])[
        touchpoint
    ]
    return np.where(fixed < 0, platform, fixed)


def _receivers(
    chance: Chance, people: population.People, person: Array, touchpoint: Array
) -> tuple[Array, Array]:
    """Who is named on the parcel, and whether a reseller's own number stands on it."""
    count = len(person)
    is_order = np.isin(touchpoint, (ORDER, WX_ORDER))
    kind = chance.rng.random(count)
    family, gift = rate("buys_for_family"), rate("gift")
    receiver = np.where(kind < family, people.partner[person], person)
    receiver = np.where(kind < family / 2, people.relative[person], receiver)
    friend = (chance.key(person, chance.below(4, count)) % np.uint64(len(people))).astype(np.int64)
    receiver = np.where((kind >= family) & (kind < family + gift), friend, receiver)
    customer = (chance.key(person, chance.below(80, count), 25) % np.uint64(len(people))).astype(np.int64)
    resells = is_order & people.reseller[person] & chance.happens(0.85, count)
    receiver = np.where(resells, customer, receiver)
    receiver = np.where(is_order & ~people.scalper[person], receiver, person)
    return receiver, resells & chance.happens(rate("reseller_own_phone"), count)


def _phones(
    chance: Chance, people: population.People, phones: numbers.Phones, who: Array, day: Array, channel: Array
) -> Array:
    """The number that stands in the address book of the channel (a habit), as it was on that day."""
    second = (phones.second[who] > 0) & (chance.habit(who, channel, 31) < 0.35)
    phone = np.where(second, phones.second[who], numbers.of(phones, who, day))
    couple = np.isin(people.role[who], (population.HEAD, population.SPOUSE))
    family = ~np.isin(people.role[who], (population.MATE, population.STUDENT))
    one = family & (chance.habit(people.household[who], 32) < rate("one_phone_home"))
    one &= chance.habit(who, channel, 33) < rate("one_phone_channels")
    first_of_home = people.first_of_home[who]
    phone = np.where(one, numbers.of(phones, first_of_home, day), phone)
    partner = couple & ~one & (chance.habit(who, channel, 34) < rate("partner_phone_parcel"))
    phone = np.where(partner, numbers.of(phones, people.partner[who], day), phone)
    mate = np.isin(people.role[who], (population.MATE, population.STUDENT))
    mate &= chance.habit(who, channel, 36) < rate("roommate_phone")
    phone = np.where(mate, numbers.of(phones, people.partner[who], day), phone)
    helped = (people.role[who] == population.ELDER) & (
        chance.habit(who, channel, 35) < rate("helper_phone_elder")
    )
    phone = np.where(helped, numbers.of(phones, people.helper[who], day), phone)
    site = people.doors.site[people.home[who]]
    shop = (people.sites.kind[site] == places.VILLAGE) & (
        chance.habit(who, channel, 37) < rate("village_shop_phone")
    )
    return np.where(shop, phones.of_site[site], phone)


def _scalpers(
    chance: Chance, people: population.People, phones: numbers.Phones, happened: Happenings
) -> None:
    """Made-up names (of nobody in these records' truth) and a handful of numbers; the parcels are one
    person's.
    """
    rows = np.flatnonzero(people.scalper[happened.buyer] & np.isin(happened.touchpoint, (ORDER, WX_ORDER)))
    who = happened.buyer[rows]
    happened.person[rows] = who
    happened.phone[rows] = phones.of_scalper[who, chance.below(numbers.SCALPER_NUMBERS, len(rows))]
    made_up = (chance.key(who, chance.below(12, len(rows)), 36) % np.uint64(len(people))).astype(np.int64)
    happened.named[rows] = np.where(chance.happens(0.8, len(rows)), made_up, who)


def _places(chance: Chance, people: population.People, phones: numbers.Phones, happened: Happenings) -> None:
    """Door, station or desk: a habit of the receiver in the channel, with exceptions."""
    who, count = happened.named, len(happened.named)
    at_home = people.scalper[happened.buyer]
    kind = people.sites.kind[people.doors.site[happened.home]]
    mood = np.where(
        chance.happens(0.8, count), chance.habit(who, happened.channel, 41), chance.rng.random(count)
    )
    station = np.where(
        kind == places.CAMPUS,
        rate("to_station_campus"),
        np.where(kind == places.VILLAGE, 0.0, rate("to_station")),
    )
    desk = np.where(happened.office >= 0, rate("to_office"), 0.0)
    place = np.where(mood < desk, DESK, np.where(mood < desk + station, STATION, DOOR))
    place = np.where(people.overseas[who] & (chance.habit(who, 42) < 0.8), WAREHOUSE, place)
    happened.place[:] = np.where(at_home, DOOR, place)
    company = np.where(happened.office >= 0, phones.of_office[happened.office], 0)
    is_order = np.isin(happened.touchpoint, (ORDER, WX_ORDER))
    share = np.where(happened.place == DESK, rate("company_number_used"), rate("company_number_at_home"))
    by_company = is_order & (company > 0) & ~at_home & (chance.rng.random(count) < share)
    happened.phone[:] = np.where(by_company, company, happened.phone)
