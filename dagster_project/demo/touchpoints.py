"""Where the merchant meets its customers: records of the twelve touchpoints, with what each of them knows.

Shared phones, dummy numbers and family cards make them hard on purpose; whose they are stays beside each row.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.demo.clock import DAY
from dagster_project.demo.identifiers import account_number, open_number, union_id, user_number
from dagster_project.demo.world import World

DUMMY_PHONE = "13800000000"
"""What a cashier types who asks nobody."""
SHARES = {
    "wechat_oa_follow": 0.3,
    "wechat_miniprogram_login": 0.25,
    "wecom_external_contact": 0.12,
    "app_register_login": 0.25,
    "app_device_push": 0.15,
    "pos_member_scan": 0.2,
    "cs_im_session": 0.08,
    "cs_phone_ticket": 0.07,
}
ORDER_SHARES = {
    "wechat_shop_order": ("wechat_shop", 0.3),
    "wechat_pay_receipt": ("wechat_mini", 0.4),
    "app_order_checkout": ("app", 0.3),
    "pos_receipt_payment": ("pos", 0.4),
}
FAMILY_CARD, DUMMY = 0.05, 0.08


def build(world: World) -> pl.DataFrame:
    """One row per record: the feed's columns and p (whose it is; null where nobody can know)."""
    rng = world.calendar.rng("touchpoints")
    parts = [_of_people(world, rng, name, share) for name, share in SHARES.items()]
    parts += [_of_orders(world, rng, name, *how) for name, how in ORDER_SHARES.items()]
    every = pl.concat(parts, how="diagonal_relaxed").sort("occurred_at", "touchpoint", "p")
    number = (pl.int_range(pl.len()) * 13 + 40_000_001).cast(pl.String)
    return every.with_columns(source_record_id=pl.concat_str(pl.lit("TP"), number))


def _of_people(world: World, rng: np.random.Generator, name: str, share: float) -> pl.DataFrame:
    people = world.people
    chosen = people.filter(pl.Series(rng.random(len(people)) < share))
    n = len(chosen)
    elder = people.select(family="p", elder_phone="phone")
    chosen = chosen.join(elder, on="family", how="left", maintain_order="left").join(
        world.dwellings.select("a", "province", "city", "district"),
        left_on="home",
        right_on="a",
        how="left",
        maintain_order="left",
    )
    span = world.calendar.days * DAY
    p = pl.col("p")
    dice = pl.Series(rng.random(n))
    phone = (
        pl.when(dice < DUMMY).then(pl.lit(DUMMY_PHONE)).otherwise("phone")
        if name == "pos_member_scan"
        else pl.col("phone")
    )
    card = pl.when(dice > 1 - FAMILY_CARD).then("family").otherwise("p")
    known = {
        "wechat_oa_follow": {
            "openid": _open("oG", p),
            "unionid": pl.when(dice < 0.7).then(union_id(p)),
            "app_id": pl.lit("wxoa01"),
            "nickname": pl.concat_str(pl.lit("微笑的"), pl.col("name").str.tail(1)),
        },
        "wechat_miniprogram_login": {
            "openid": _open("oM", p),
            "unionid": union_id(p),
            "app_id": pl.lit("wxmp01"),
            "phone": pl.when(dice < 0.75).then("phone"),
            "consent": pl.when(dice < 0.75).then(pl.lit("yes")).otherwise(pl.lit("no")),
        },
        "wecom_external_contact": {
            "external_userid": _open("wm", p),
            "unionid": pl.when(dice < 0.8).then(union_id(p)),
            "name": pl.col("name"),
        },
        "app_register_login": {
            "channel": pl.lit("app"),
            "buyer_account": pl.concat_str(pl.lit("ap"), account_number(p)),
            "member_no": pl.when(dice > 0.7).then(pl.concat_str(pl.lit("M"), user_number(p))),
            "user_id": pl.concat_str(pl.lit("U"), user_number(p)),
            "phone": phone,
            "unionid": pl.when(dice < 0.4).then(union_id(p)),
            "birthday": pl.col("birthday").cast(pl.String),
            "gender": pl.col("gender"),
            "device_id": _open("dev", pl.col("home")),
        },
        "app_device_push": {
            "user_id": pl.when(dice < 0.6).then(pl.concat_str(pl.lit("U"), user_number(p))),
            "device_id": _open("dev", pl.col("home")),
        },
        "pos_member_scan": {
            "channel": pl.lit("pos"),
            "buyer_account": pl.concat_str(pl.lit("VIP"), account_number(card)),
            "phone": phone,
            "name": pl.col("name"),
            "unionid": pl.when((dice > 0.5) & (dice < 0.7)).then(union_id(p)),
        },
        "cs_im_session": {
            "buyer_account": pl.concat_str(pl.lit("tb"), account_number(p)),
            "channel": pl.lit("taobao"),
            "visitor_id": _open("v", p),
        },
        "cs_phone_ticket": {
            "ticket_id": pl.concat_str(pl.lit("TK"), account_number(p)),
            "name": pl.col("name"),
            "phone": pl.when(dice < 0.2).then("elder_phone").otherwise("phone"),
            "province": pl.col("province"),
            "city": pl.col("city"),
            "district": pl.col("district"),
        },
    }[name]
    moment = pl.Series(world.calendar.start + rng.integers(0, span - DAY, n))
    return chosen.select("p", touchpoint=pl.lit(name), occurred_at=moment, **known)


def _of_orders(world: World, rng: np.random.Generator, name: str, channel: str, share: float) -> pl.DataFrame:
    mine = world.orders.filter((pl.col("channel") == channel) & pl.col("paid_at").is_not_null())
    chosen = mine.filter(pl.Series(rng.random(len(mine)) < share))
    hashed = pl.concat_str(pl.lit("HC"), account_number(pl.col("a")))
    known = {
        "wechat_shop_order": {
            "openid": pl.col("openid"),
            "addressee_id": hashed,
            "name": pl.col("w_name"),
            "phone": pl.col("w_phone"),
        },
        "wechat_pay_receipt": {
            "openid": _open("oP", pl.col("buyer")),
            "pay_id": pl.concat_str(pl.lit("4200"), account_number(pl.col("o"))),
        },
        "app_order_checkout": {
            "user_id": pl.concat_str(pl.lit("U"), user_number(pl.col("buyer"))),
            "buyer_account": pl.col("buyer_account"),
            "pay_id": pl.col("pay_id"),
            "name": pl.col("w_name"),
            "phone": pl.col("w_phone"),
        },
        "pos_receipt_payment": {
            "pay_id": pl.concat_str(pl.lit("4200"), account_number(pl.col("o"))),
            "buyer_account": pl.col("buyer_account"),
        },
    }[name]
    gift = pl.col("receiver") != pl.col("buyer")
    known = {
        k: pl.when(gift).then(None).otherwise(v) if k in ("name", "phone", "addressee_id") else v
        for k, v in known.items()
    }
    owner = pl.when((pl.col("channel") == "pos") & ~pl.col("has_card")).then(None).otherwise("buyer")
    return chosen.select(
        "channel", "channel_order_id", p=owner, touchpoint=pl.lit(name), occurred_at="paid_at", **known
    )


def _open(prefix: str, person: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(prefix), open_number(person))
