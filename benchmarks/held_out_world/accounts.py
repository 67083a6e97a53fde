"""The ids by which systems know people: WeChat's, accounts, cards, devices, addressees. Each is null
where the touchpoint does not show it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.held_out_world import happenings as happened_
from benchmarks.held_out_world import people as population
from benchmarks.held_out_world import phones as numbers
from benchmarks.held_out_world.chance import Array, Chance, either, joined, letters, only, take
from benchmarks.held_out_world.rates import rate

_APPS = ("wx7a01oa", "wx7a02oa", "wx7a03oa", "wx7b01mini", "wx7b02mini", "wx7c01shop", "wx7c02shop")
_APP_SHARES = {
    happened_.OA: (0, (0.6, 0.25, 0.15)),
    happened_.MINI: (3, (0.75, 0.25)),
    happened_.WX_ORDER: (5, (0.7, 0.3)),
}
_BOUND_FROM = np.array([0, 240, 900, 0, 500, 0, 700])
"""Day on which each app was bound to the open platform: before it there is no unionid."""
_WORDS = (
    "阳光 小鱼 星辰 月亮 可乐 奶茶 大海 清风 微笑 蓝天 豆豆 果果 老王 雨后 森林 花开 快乐 平凡 追风 "
    "南山 happy lucky sunny kitty cool baby jack lily mike anna"
)
_COMMON_NICKS = (
    "A 平安是福 微笑 . 阳光 简单 随缘 知足常乐 一切随缘 幸福 晴天 花开富贵 宝妈 小太阳 往事随风 静 "
    "Amy 小熊 糖糖 清风"
)


@dataclass(frozen=True)
class Holders:
    """Who stands behind the account, the card and the WeChat of each record: mostly the person."""

    account: Array
    card: Array
    wechat: Array
    """Person, and which of the two WeChats."""
    wechat_no: Array


def holders(
    chance: Chance, people: population.People, phones: numbers.Phones, happened: happened_.Happenings
) -> Holders:
    """Recycled numbers land in the former holder's account, cards are shared, a WeChat is bound anew."""
    who, day = happened.buyer, happened.day
    lands = (phones.recycled_from[who] >= 0) & (day > phones.changes_at[who])
    lands &= chance.habit(who, 81) < rate("recycled_takes_account")
    account = np.where(lands, phones.recycled_from[who], who)
    shared = chance.habit(people.household[who], 82) < rate("card_shared")
    other = (
        shared
        & (happened.touchpoint == happened_.SCAN)
        & chance.happens(rate("card_used_by_other"), len(who))
    )
    card = np.where(other, people.partner[who], who)
    second = chance.habit(who, happened.touchpoint, 83) < rate("wechat_second")
    is_app = np.isin(happened.touchpoint, (happened_.APP, happened_.PUSH, happened_.SCAN))
    rebound = (
        is_app
        & (chance.habit(who, 84) < rate("rebound_to_partner"))
        & (day > chance.habit(who, 85) * population.DAYS)
    )
    wechat = np.where(rebound & (chance.habit(who, 86) < 0.5), people.partner[who], card)
    return Holders(account, card, wechat, (second ^ rebound).astype(np.int64))


def columns(
    chance: Chance, people: population.People, happened: happened_.Happenings, holder: Holders
) -> dict[str, pl.Series]:
    """All id columns of the feed."""
    at, count = happened.touchpoint, len(happened.person)
    rng = chance.rng
    app = np.full(count, -1)
    for touchpoint, (first, shares) in _APP_SHARES.items():
        rows = np.flatnonzero(at == touchpoint)
        app[rows] = first + np.searchsorted(
            np.cumsum(shares), chance.habit(happened.buyer[rows], touchpoint, 91)
        ).clip(0, len(shares) - 1)
    app = np.where(at == happened_.WX_PAY, np.where(chance.habit(happened.buyer, 92) < 0.6, 3, 0), app)
    chats = (at == happened_.CHAT) & np.isin(happened.channel, (happened_.WX_MINI, happened_.WX_SHOP))
    app = np.where(chats, np.where(happened.channel == happened_.WX_MINI, 3, 5), app)
    openid = joined("o", letters(chance.key(holder.wechat, holder.wechat_no, app.clip(0), 93), 6))
    asked = ~chance.happens(rate("unionid_missing"), count)
    bound = (app >= 0) & (at != happened_.WX_PAY) & (happened.day >= _BOUND_FROM[app.clip(0)]) & asked
    habit = chance.habit(happened.buyer, at, 94)
    for touchpoint, share in ((happened_.WECOM, 0.6), (happened_.APP, 0.45), (happened_.SCAN, 0.25)):
        bound |= (at == touchpoint) & (habit < share) & asked
    unionid = joined("oU", letters(chance.key(holder.wechat, holder.wechat_no, 95), 6))
    corp = joined("wm", letters(chance.key(holder.wechat, holder.wechat_no, 96), 8))
    on_app = happened.channel == happened_.OWN_APP
    logged = np.isin(at, (happened_.APP,)) | (
        on_app & np.isin(at, (happened_.ORDER, happened_.PUSH, happened_.CHAT)) & (habit < 0.7)
    )
    again = (chance.habit(holder.account, 97) < rate("second_app_account")) & (happened.day > 700)
    user = joined(
        "u",
        pl.Series(
            (chance.key(holder.account, again.astype(np.int64), 98) % np.uint64(10**10)).astype(np.int64)
        ),
    )
    member = joined("M", pl.Series(10_000_000 + holder.card.astype(np.int64)))
    carries = (
        (at == happened_.SCAN)
        | ((at == happened_.RECEIPT) & (rng.random(count) < 0.12))
        | ((at == happened_.MINI) & (habit < 0.2))
    )
    device = joined(letters(_device(chance, people, happened), 8))
    has_device = np.isin(at, (happened_.APP, happened_.PUSH)) | (
        (at == happened_.ORDER) & on_app & (rng.random(count) < 0.5)
    )
    guest = (at == happened_.CHAT) & on_app & (happened.order < 0)
    visitor = joined("v", letters(chance.key(happened.person, happened.day.astype(np.int64) // 45, 99), 5))
    return {
        "unionid": only(unionid, bound), "openid": only(openid, app >= 0), "app_id": take(list(_APPS), app),
        "external_userid": only(corp, at == happened_.WECOM), "user_id": only(user, logged & ~guest),
        "member_no": only(member, carries), "buyer_account": _buyer(chance, people, happened, holder),
        "addressee_id": _addressee(chance, happened), "visitor_id": only(visitor, guest),
        "device_id": only(device, has_device),
    }  # fmt: skip


def _device(chance: Chance, people: population.People, happened: happened_.Happenings) -> Array:
    """A phone lasts two to three years; some pass to the family or are sold to a stranger."""
    number = ((happened.day + chance.habit(happened.person, 101) * 900) // 900).astype(np.int64)
    passed = chance.habit(happened.person, number, 102) < rate("device_passed_on")
    stranger = (chance.key(happened.person, 103) % np.uint64(len(people))).astype(np.int64)
    from_whom = np.where(chance.habit(happened.person, 104) < 0.6, people.partner[happened.person], stranger)
    return chance.key(
        np.where(passed, from_whom, happened.person), np.where(passed, np.maximum(number - 1, 0), number), 105
    )


def handle(chance: Chance, person: Array, salt: Array | int) -> pl.Series:
    """A word and a number: of one person on one platform, of another on the next."""
    prime, words = 10_000_019, _WORDS.split()
    code = (person.astype(np.int64) * 7919 + (np.asarray(salt) + 1) * 104_729) % prime
    return joined(take(words, code % len(words)), pl.Series(code // len(words)))


def nicknames(
    chance: Chance, people: population.People, happened: happened_.Happenings, holder: Holders
) -> pl.Series:
    """WeChat's and the chats' nicknames; WeChat stopped to give them to apps and shows 微信用户."""
    at, count = happened.touchpoint, len(happened.person)
    nicks = _COMMON_NICKS.split()
    common = take(
        nicks,
        np.floor(chance.habit(holder.wechat, holder.wechat_no, 111) ** 2 * len(nicks)).astype(np.int64),
    )
    own = either(
        chance.habit(holder.wechat, holder.wechat_no, 112) < 0.35, common, handle(chance, holder.wechat, 50)
    )
    default = pl.Series(["微信用户"] * count)
    shown = either((at == happened_.MINI) & (chance.rng.random(count) < 0.65), default, own)
    gives = np.isin(at, (happened_.MINI, happened_.WECOM)) | (
        (at == happened_.OA) & (chance.rng.random(count) < 0.15)
    )
    return only(shown, gives | ((at == happened_.CHAT) & (chance.rng.random(count) < 0.5)))


def _buyer(
    chance: Chance, people: population.People, happened: happened_.Happenings, holder: Holders
) -> pl.Series:
    """The account of the platform; 淘宝's whole or behind stars; scalpers have many."""
    at, channel = happened.touchpoint, happened.channel
    many = np.where(people.scalper[holder.account], chance.below(6, len(at)), 0)
    whole = handle(chance, holder.account, channel + many * 100)
    pin = joined("jd_", letters(chance.key(holder.account, many, 113), 6))
    whole = either((channel == happened_.JD) & (chance.habit(holder.account, 114) < 0.6), pin, whole)
    stars = joined(whole.str.slice(0, 1), "**")
    order = at == happened_.ORDER
    shows = order & np.isin(channel, (happened_.JD, happened_.OWN_APP, happened_.TAOBAO))
    shows |= (at == happened_.CHAT) & np.isin(channel, (happened_.JD, happened_.TAOBAO, happened_.KUAISHOU))
    hidden = order & (channel == happened_.TAOBAO) & ~happened.account_shown
    return only(either(hidden, stars, whole), shows)


def _addressee(chance: Chance, happened: happened_.Happenings) -> pl.Series:
    """OAID, open_address_id, hash_code: an addressee (number and place; at 淘宝 the name too) in one of
    two shops.
    """
    order = np.isin(happened.touchpoint, (happened_.ORDER, happened_.WX_ORDER))
    shop = (chance.rng.random(len(order)) < 0.3).astype(np.int64)
    named = np.where(happened.channel == happened_.TAOBAO, happened.named, -1)
    where = happened.home * 8 + happened.place
    key = chance.key(happened.channel, shop, happened.phone, where, named, 115)
    shares = np.array([0.9, 0.5, 0.5, 0.85, 0.6, 0.0, 0.95, 0.0, 0.0])[happened.channel]
    return only(letters(key, 12), order & (chance.rng.random(len(order)) < shares))
