"""The columns of `customer_records`, from what happened. How people and channels write is in names, numbers,
addresses and accounts; broken cells come last, from `bugs`."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.held_out_world import accounts, addresses, bugs, links, names, numbers
from benchmarks.held_out_world import happenings as happened_
from benchmarks.held_out_world import people as population
from benchmarks.held_out_world import phones as whose
from benchmarks.held_out_world.chance import Array, Chance, either, joined, only, take
from benchmarks.held_out_world.rates import rate

SOURCE = "luyue_customer_records"
COLUMNS = (
    "source", "touchpoint", "source_record_id", "occurred_at", "unionid", "openid", "app_id",
    "external_userid", "user_id", "member_no", "buyer_account", "pay_id", "addressee_id", "visitor_id",
    "ticket_id", "device_id", "phone", "name", "nickname", "gender", "birthday", "email", "province",
    "city", "district", "town", "address", "channel", "channel_order_id", "consent",
)  # fmt: skip
_START = np.datetime64("2022-10-01T00:00:00", "ms")
_SHOWS_NAME = {
    happened_.WECOM: 0.7,
    happened_.APP: 0.3,
    happened_.SCAN: 0.6,
    happened_.CHAT: 0.03,
    happened_.TICKET: 0.7,
}
_SHOWS_BIRTHDAY = {happened_.APP: 0.25, happened_.SCAN: 0.4}
_FILLERS = ["1990-01-01", "1970-01-01", "2000-01-01", "1980-01-01"]


def table(
    chance: Chance, people: population.People, phones: whose.Phones, happened: happened_.Happenings
) -> tuple[pl.DataFrame, Array, Array]:
    """The records, the number each one stands for, and its kind (`numbers.KINDS`)."""
    links.link(chance, people, happened)
    holder = accounts.holders(chance, people, phones, happened)
    at, count = happened.touchpoint, len(happened.person)
    _stale_and_borrowed(chance, people, phones, happened, holder)
    kind = numbers.kinds(chance, happened)
    number = numbers.mistyped(chance, happened)
    order = np.isin(at, (happened_.ORDER, happened_.WX_ORDER))
    hidden = order & (np.isin(kind, (numbers.MASKED, numbers.VIRTUAL, numbers.CIPHER)))
    columns = accounts.columns(chance, people, happened, holder)
    columns |= _orders(chance, happened)
    columns |= _person(chance, people, happened, holder, kind, hidden)
    columns["phone"] = numbers.written(chance, number, kind, happened.channel)
    where = addresses.written(chance, people, happened, hidden)
    columns |= {name: only(where[name], order) for name in addresses.COLUMNS}
    columns["touchpoint"] = take(list(happened_.TOUCHPOINTS), at)
    columns["source"] = pl.Series([SOURCE] * count)
    columns["source_record_id"] = joined("r", pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(9))
    columns["occurred_at"] = pl.Series(_START + (happened.day * 86_400).astype("timedelta64[s]")).cast(
        pl.Datetime("us")
    )
    columns["channel"] = take(list(happened_.CHANNELS), happened.channel)
    columns["consent"] = take(
        ["granted", "denied"], np.where(at == happened_.MINI, np.where(kind == numbers.FULL, 0, 1), -1)
    )
    records = pl.DataFrame([columns[name].alias(name) for name in COLUMNS])
    return bugs.broken(chance, records), number, kind


def _stale_and_borrowed(
    chance: Chance,
    people: population.People,
    phones: whose.Phones,
    happened: happened_.Happenings,
    holder: accounts.Holders,
) -> None:
    """The number of an account that was never updated; of a card that is another's; of a relative who
    calls.
    """
    at, count = happened.touchpoint, len(happened.phone)
    stale = np.isin(at, (happened_.APP, happened_.MINI, happened_.SCAN)) & (
        chance.habit(happened.person, 121) < 0.25
    )
    happened.phone[:] = np.where(stale, phones.first[happened.person], happened.phone)
    card = (at == happened_.SCAN) & (holder.card != happened.person) & chance.happens(0.75, count)
    happened.phone[:] = np.where(card, whose.of(phones, holder.card, happened.day), happened.phone)
    happened.named[:] = np.where(card, holder.card, happened.named)
    called = (at == happened_.TICKET) & chance.happens(rate("ticket_by_relative"), count)
    relative = people.relative[happened.person]
    happened.phone[:] = np.where(called, whose.of(phones, relative, happened.day), happened.phone)


def _orders(chance: Chance, happened: happened_.Happenings) -> dict[str, pl.Series]:
    """Order, payment and ticket numbers; a payment shares them with its order."""
    at, order = happened.touchpoint, happened.order
    about = order >= 0
    row = np.where(about, order, np.arange(len(at)))
    digits = (chance.key(row, 131) % np.uint64(10**13)).astype(np.int64)
    text = pl.Series(digits).cast(pl.String).str.zfill(13)
    prefix = take(["69", "24", "30", "36", "23", "A", "37", "M", "S"], happened.channel[row])
    number = joined(prefix, text, pl.Series(row % 1000).cast(pl.String).str.zfill(3))
    paid = pl.Series(digits * 31 % 10**13).cast(pl.String).str.zfill(13)
    pay = joined("4200", paid, pl.Series(row).cast(pl.String).str.zfill(9))
    has_pay = (at == happened_.WX_ORDER) & chance.happens(0.8, len(at))
    has_pay |= np.isin(at, (happened_.WX_PAY, happened_.RECEIPT))
    ticket = joined("T", pl.Series(np.arange(len(at))).cast(pl.String).str.zfill(9))
    tells = about & ((at != happened_.WX_PAY) | chance.happens(0.6, len(at)))
    return {
        "channel_order_id": only(number, tells),
        "pay_id": only(pay, has_pay),
        "ticket_id": only(ticket, at == happened_.TICKET),
    }


def _person(
    chance: Chance,
    people: population.People,
    happened: happened_.Happenings,
    holder: accounts.Holders,
    kind: Array,
    hidden: Array,
) -> dict[str, pl.Series]:
    """Name, nickname, sex, birthday and e-mail."""
    at, count, who = happened.touchpoint, len(happened.person), happened.named
    name = names.spelt(chance, people, who, at)
    name = either(hidden, names.masked(chance, people, who, name, happened.channel), name)
    name = either(kind == numbers.CIPHER, names.cipher(chance, np.arange(count)), name)
    draw = chance.rng.random(count)
    gives = np.isin(at, (happened_.ORDER, happened_.WX_ORDER))
    for touchpoint, share in _SHOWS_NAME.items():
        gives |= (at == touchpoint) & (draw < share)
    born = people.birth[who]
    wrong = chance.habit(who, at, 141) < rate("birthday_wrong")
    born = np.where(wrong, born + 20 + (chance.key(who, 142) % np.uint64(30)).astype(np.int64), born)
    birthday = pl.Series(born).cast(pl.Int32).cast(pl.Date).dt.to_string("%Y-%m-%d")
    filled = chance.happens(rate("birthday_filled"), count)
    birthday = either(filled, take(_FILLERS, chance.choose(np.array([8, 1, 1.5, 1]), count)), birthday)
    draw, has_birthday = chance.rng.random(count), np.zeros(count, dtype=bool)
    for touchpoint, share in _SHOWS_BIRTHDAY.items():
        has_birthday |= (at == touchpoint) & (draw < share)
    man = people.man[who]
    sex = either(
        at == happened_.MINI,
        take(["1", "2", "0"], np.where(draw < 0.5, 2, np.where(man, 0, 1))),
        take(["男", "女"], np.where(man, 0, 1)),
    )
    has_sex = np.isin(at, (happened_.MINI, happened_.WECOM)) & (draw < 0.6) | (at == happened_.SCAN) & (
        draw < 0.5
    )
    mail = joined(
        pl.Series(100_000_000 + (chance.key(who, 143) % np.uint64(2_900_000_000)).astype(np.int64)), "@qq.com"
    )
    mail = either(people.overseas[who], joined(accounts.handle(chance, who, 60), "@gmail.com"), mail)
    has_mail = (at == happened_.APP) & (chance.habit(who, 144) < np.where(people.overseas[who], 0.8, 0.12))
    return {
        "name": only(name, gives), "nickname": accounts.nicknames(chance, people, happened, holder),
        "gender": only(sex, has_sex), "birthday": only(birthday, has_birthday), "email": only(mail, has_mail),
    }  # fmt: skip
