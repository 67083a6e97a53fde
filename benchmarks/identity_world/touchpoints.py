"""The records that each touchpoint writes, in the columns of the feed customer_records, with the truth."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.identity_world import places, shown, texts
from benchmarks.identity_world.contacts import (
    ORDERS,
    PLATFORMS,
    TOUCHPOINTS,
    Acts,
    make_acts,
    quoted_order,
    rank_within,
)
from benchmarks.identity_world.people import People, make_people
from benchmarks.identity_world.texts import Bools, Random

_RECORDS_PER_PERSON = 4.5
_START = np.datetime64("2023-03-01T00:00:00", "us")
_APPS = ("wx_oa", "wx_mini", "wx_shop", "wx_pay")


def make(count: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`count` records, and source, source_record_id, person_id of each."""
    random = np.random.default_rng(seed)
    people = make_people(random, max(int(count / _RECORDS_PER_PERSON), 20))
    acts = make_acts(random, people, count)
    records = pl.DataFrame(
        _identifiers(random, acts, people) | _contacts(random, acts, people) | _facts(random, acts, people)
    )
    place = pl.Series(np.arange(count))
    touchpoint = texts.words(TOUCHPOINTS, acts.touchpoint)
    source = touchpoint.zip_with(
        pl.Series(~acts.at("app_order_checkout")), texts.words(PLATFORMS, acts.platform) + "_checkout"
    )
    occurred = _START + (acts.day * 86_400 + acts.second).astype("timedelta64[s]")
    records = records.with_columns(
        source=source,
        source_record_id="R" + place.cast(pl.String).str.zfill(9),
        touchpoint=touchpoint,
        occurred_at=pl.Series(occurred),
    )
    person = "P" + pl.Series(acts.person).cast(pl.String)
    truth = records.select("source", "source_record_id", person_id=person)
    mixed = random.permutation(count)
    return records[mixed], truth[mixed]


def _where(is_shown: Bools, column: pl.Series) -> pl.Series:
    return column.set(pl.Series(~is_shown), None)


def _identifiers(random: Random, acts: Acts, people: People) -> dict[str, pl.Series]:
    """Ids as far as each touchpoint knows them."""
    count, who = acts.count, acts.actor

    def some(share: float) -> Bools:
        return random.random(count) < share

    second_wechat = (who % 33 == 0) & some(0.4)
    wechat = who * 2 + second_wechat
    app = np.select(
        [acts.at(name) for name in ("wechat_oa_follow", "wechat_miniprogram_login", "wechat_shop_order")],
        [0, 1, 2],
        3,
    )
    in_mini = acts.at("cs_im_session") & (acts.touchpoint % 2 == 0) & (who % 3 == 0)
    has_openid = acts.at(
        "wechat_oa_follow", "wechat_miniprogram_login", "wechat_shop_order", "wechat_pay_receipt"
    )
    app = np.where(in_mini, 1, app)
    union_share = np.select(
        [acts.at("wechat_oa_follow"), acts.at("wechat_miniprogram_login"), acts.at("wecom_external_contact"),
         acts.at("wechat_shop_order"), acts.at("app_register_login"), acts.at("pos_member_scan")],
        [0.55, 0.70, 0.75, 0.40, 0.30, 0.10], 0.0,
    )  # fmt: skip
    account = who * 2 + ((who % 12 == 0) & some(0.5))
    has_user = acts.at("app_register_login") | (acts.at("app_device_push") & some(0.6))
    has_user |= acts.at("app_order_checkout") & acts.on("app")
    in_nick = acts.at("cs_im_session") & ~in_mini & ~acts.on("app")
    has_account = in_nick | (acts.has_account & acts.at("app_order_checkout") & ~acts.on("app"))
    nick = texts.given_text(account % 90) + texts.code("_", account, acts.platform).str.head(9)
    starred = acts.at("app_order_checkout") & acts.on("taobao") & ~acts.has_account & some(0.5)
    relative = people.first[who]
    card = np.where(acts.at("pos_member_scan") & some(0.12), relative, who)
    has_oaid = (acts.at("app_order_checkout") & ~acts.on("app", "kuaishou") & some(0.7)) | (
        acts.at("wechat_shop_order") & some(0.8)
    )
    shop = np.where(acts.at("wechat_shop_order"), 100 + who % 2, acts.platform)
    device = np.where(some(0.05), relative, who) * 2 + some(0.3)
    device = np.where((device % 2 == 1) & (who % 50 == 0), (who * 31 % people.count) * 2, device)
    has_device = acts.at("app_device_push") | (acts.at("app_register_login") & some(0.6))
    has_device |= acts.at("app_order_checkout") & acts.on("app") & some(0.3)
    order, quoted_channel = _orders(random, acts, people)
    return {
        "unionid": _where(random.random(count) < union_share, texts.code("oU", wechat)),
        "openid": _where(has_openid | in_mini, texts.code("o", wechat, app)),
        "app_id": _where(has_openid | in_mini, texts.words(_APPS, app)),
        "external_userid": _where(acts.at("wecom_external_contact"), texts.code("wm", wechat)),
        "user_id": _where(has_user, texts.code("U", account)),
        "member_no": _where(acts.at("pos_member_scan") | (acts.at("wechat_miniprogram_login") & some(0.15)),
                            texts.code("M", card).str.head(13)),
        "buyer_account": _where(has_account, nick).zip_with(
            pl.Series(~starred), nick.str.head(1) + "***" + nick.str.slice(-1)),
        "pay_id": _payments(random, acts, people),
        "addressee_id": _where(has_oaid, texts.code("A", shop, acts.shown, acts.place, acts.number)),
        "visitor_id": _where(acts.at("cs_im_session") & acts.on("app") & ~in_mini, texts.code("V", account)),
        "ticket_id": _where(acts.at("cs_phone_ticket"), texts.code("T", np.arange(count))),
        "device_id": _where(has_device, texts.code("D", device)),
        "channel": quoted_channel,
        "channel_order_id": order,
    }  # fmt: skip


def _orders(random: Random, acts: Acts, people: People) -> tuple[pl.Series, pl.Series]:
    """Order number and channel: an order's own, or the one that a chat or ticket quotes."""
    is_order = acts.at(*ORDERS)
    chance = random.random(acts.count)
    asks = (acts.at("cs_im_session") & (chance < 0.5)) | (acts.at("cs_phone_ticket") & (chance < 0.6))
    quoted = quoted_order(random, acts, people, asks)
    row = np.where(is_order, np.arange(acts.count), quoted)
    of = np.maximum(row, 0)
    number = _where(row >= 0, pl.Series(69_000_000_000_000 + of * 7_919).cast(pl.String))
    in_wechat = acts.at("wechat_shop_order")
    channels = (*PLATFORMS, "wechat_shop")
    channel = np.where(in_wechat[of], len(PLATFORMS), acts.platform[of])
    own = np.where(acts.at("cs_im_session"), acts.platform, -1)
    return number, texts.words(channels, np.where(row >= 0, channel, own))


def _payments(random: Random, acts: Acts, people: People) -> pl.Series:
    """The k-th receipt of WeChat Pay is of an order or of a visit to a shop; seldom a relative pays."""
    rank = rank_within(acts.actor * 16 + acts.touchpoint)
    ledger = acts.at("wechat_pay_receipt")
    helps = ledger & (random.random(acts.count) < 0.04)
    who = np.where(helps, people.first[acts.actor], acts.actor)
    kind = np.where(ledger, rank % 2, np.where(acts.at("pos_receipt_payment"), 1, 0))
    paid = ledger | acts.at("pos_receipt_payment") | (acts.at("wechat_shop_order") & (rank % 5 != 4))
    turn = np.where(ledger, rank // 2, rank)
    return _where(paid, texts.code("4200", who, kind, turn))


def _contacts(random: Random, acts: Acts, people: People) -> dict[str, pl.Series]:
    """Number, name and door as far as each touchpoint shows them."""
    count = acts.count
    chance, hidden = random.random(count), random.random(count)
    on_platform = acts.at("app_order_checkout") & ~acts.on("app")
    masks = np.select([acts.on("jd"), acts.on("taobao")], [0.6, 0.85], 0.97)
    is_masked = (on_platform & (hidden < masks)) | (acts.at("wechat_shop_order") & (hidden < 0.3))
    in_cipher = is_masked & acts.on("douyin", "pinduoduo") & (hidden < 0.06)
    is_virtual = acts.at("wechat_shop_order") & (hidden >= 0.85)
    is_virtual |= on_platform & ~is_masked & (chance < 0.3)
    is_virtual |= acts.at("cs_phone_ticket") & (hidden < 0.05)
    typed = shown.typed_numbers(random, acts)
    stars = shown.masked_numbers(pl.Series(acts.number).cast(pl.String))
    number = typed.zip_with(pl.Series(~is_masked), stars)
    number = number.zip_with(pl.Series(~in_cipher), shown.ciphers(random, count))
    number = number.zip_with(pl.Series(~is_virtual), shown.virtual_numbers(random, is_virtual))
    is_order = acts.at(*ORDERS)
    phone_share = np.select(
        [is_order, acts.at("wechat_miniprogram_login"), acts.at("app_register_login"),
         acts.at("pos_member_scan"), acts.at("cs_phone_ticket"), acts.at("wecom_external_contact"),
         acts.at("cs_im_session")],
        [0.97, 0.55, 0.85, 0.88, 1.0, 0.2, 0.08], 0.0,
    )  # fmt: skip
    name_share = np.select(
        [is_order, acts.at("pos_member_scan"), acts.at("cs_phone_ticket"), acts.at("wecom_external_contact"),
         acts.at("app_register_login")],
        [0.98, 0.45, 0.6, 0.5, 0.1], 0.0,
    )  # fmt: skip
    names = shown.names(random, acts, people, is_masked)
    names = names.zip_with(pl.Series(~in_cipher), shown.ciphers(random, count))
    total = people.homes_count + people.companies_count + people.resellers_count
    doors = places.make_places(random, total)[acts.place]
    door = places.written(random, doors, acts.at_firm)
    open_door = pl.Series(~is_masked | (hidden > 0.75))
    closed = places.masked(door)
    has_door = is_order | (acts.at("pos_member_scan", "app_register_login") & (chance < 0.08))
    has_door |= acts.at("cs_phone_ticket") & (chance < 0.15)
    address = {name: _where(has_door, door[name].zip_with(open_door, closed[name])) for name in door.columns}
    return {
        "phone": _where(random.random(count) < phone_share, number),
        "name": _where(random.random(count) < name_share, names),
        **address,
    }


def _facts(random: Random, acts: Acts, people: People) -> dict[str, pl.Series]:
    """Birthday, gender, e-mail, nickname, consent: seldom, and sometimes wrong."""
    count = acts.count

    def share(**of: float) -> Bools:
        wanted = np.select([acts.at(name) for name in of], list(of.values()), 0.0)
        return random.random(count) < wanted

    birthday = pl.Series(people.birthday[acts.actor]).dt.strftime("%Y-%m-%d")
    default = pl.Series(["1990-01-01"]).new_from_index(0, count)
    birthday = default.zip_with(pl.Series(random.random(count) < 0.03), birthday)
    nick_share = {"wechat_oa_follow": 0.9, "wecom_external_contact": 0.9, "wechat_miniprogram_login": 0.4}
    gender_share = {"pos_member_scan": 0.4, "wechat_oa_follow": 0.2, "wecom_external_contact": 0.6}
    gender = texts.words(("男", "女"), (~people.is_male[acts.actor]).astype(np.int64))
    email = texts.code("u", acts.actor).str.head(11) + "@example.com"
    return {
        "birthday": _where(share(pos_member_scan=0.22, app_register_login=0.06), birthday),
        "gender": _where(share(**gender_share), gender),
        "email": _where(share(app_register_login=0.15, cs_im_session=0.02, cs_phone_ticket=0.04), email),
        "nickname": _where(share(**nick_share, cs_im_session=0.3), shown.nicknames(random, acts, people)),
        "consent": texts.words(("Y",), np.where(acts.at("wechat_miniprogram_login"), 0, -1)),
    }
