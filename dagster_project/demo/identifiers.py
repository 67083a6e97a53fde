"""Ids as each platform makes them: orders, lines, waybills, accounts. Always text, never ending in zeros.

A number is spread by a step that is prime to its range, so that ids look random and never meet.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import text
from dagster_project.demo.words import CARRIERS, STORES

OWNER_SHOWN = ("taobao", "jd", "kuaishou", "wechat_shop", "wechat_mini", "app")
"""Channels whose export shows the buyer's account, openid or unionid; elsewhere the receiver owns the
order."""
ACCOUNT_PREFIX = {"taobao": "tb", "jd": "jd_", "kuaishou": "ks", "app": "ap", "pos": "VIP"}
SHOP_IDS = {
    "douyin": "DY-001",
    "taobao": "TB-001",
    "jd": "JD-001",
    "pinduoduo": "PDD-001",
    "kuaishou": "KS-001",
    "wechat_shop": "WS-001",
    "wechat_mini": "WM-001",
    "app": "APP-001",
}


def spread(number: pl.Expr, step: int, base: int) -> pl.Expr:
    """`base` + number × step (odd) × 10 + a digit from 1 to 9: room for line ids, and no zero at the end."""
    return base + number.cast(pl.Int64) * step * 100 + number.cast(pl.Int64) % 9 * 10 + 1


def order_ids(orders: pl.DataFrame) -> pl.DataFrame:
    """`orders` with id_number, channel_order_id, shop_id, store (of a till receipt) and receipt_no."""
    o, day = pl.col("o"), text("ordered_at", "%y%m%d")
    till_day = text("ordered_at", "%Y%m%d")
    numbers = {
        "douyin": spread(o, 7_919, 6_930_000_000_000_000_000),
        "taobao": spread(o, 6_151, 3_515_000_000_000_000_000),
        "jd": spread(o, 3, 300_000_000_000),
        "kuaishou": spread(o, 977, 2_600_000_000_000_000),
        "wechat_shop": spread(o, 5_003, 3_720_000_000_000_000_000),
        "wechat_mini": spread(o, 13, 810_000_000_000),
        "app": spread(o, 17, 520_000_000_000),
        "pinduoduo": spread(o, 9_001, 100_000_000_000_000),
    }
    number = pl.lit(0, pl.Int64)
    for channel, made in numbers.items():
        number = pl.when(pl.col("channel") == channel).then(made).otherwise(number)
    store = (o * 31 % len(STORES)).replace_strict(
        {i: s[0] for i, s in enumerate(STORES)}, return_dtype=pl.String
    )
    frame = orders.with_columns(
        id_number=number,
        shop_id=pl.col("channel").replace_strict(SHOP_IDS, default=None),
        store=pl.when(pl.col("channel") == "pos").then(store),
    )
    nth = pl.int_range(1, pl.len() + 1).over("store", till_day)
    frame = frame.with_columns(
        receipt_no=pl.when(pl.col("channel") == "pos").then(nth.cast(pl.String).str.zfill(5))
    )
    digits = pl.col("id_number").cast(pl.String)
    return frame.with_columns(
        channel_order_id=pl.when(pl.col("channel") == "pos")
        .then(pl.concat_str("store", pl.lit("-"), till_day, pl.lit("-"), "receipt_no"))
        .when(pl.col("channel") == "pinduoduo")
        .then(pl.concat_str(day, pl.lit("-"), digits))
        .when(pl.col("channel") == "wechat_mini")
        .then(pl.concat_str(pl.lit("WM"), digits))
        .when(pl.col("channel") == "app")
        .then(pl.concat_str(pl.lit("A"), digits))
        .otherwise(digits)
    )


def accounts(orders: pl.DataFrame) -> pl.DataFrame:
    """`orders` with owner (person or null), buyer_account, openid, unionid, pay_id."""
    buyer, channel = pl.col("buyer"), pl.col("channel")
    with_card = (channel == "pos") & pl.col("has_card")
    shown = channel.is_in(["taobao", "jd", "kuaishou", "app"]) | with_card
    wechat = channel.is_in(["wechat_shop", "wechat_mini"])
    account = pl.concat_str(channel.replace_strict(ACCOUNT_PREFIX, default=""), account_number(buyer))
    return orders.with_columns(
        owner=pl.when(channel.is_in(list(OWNER_SHOWN)) | with_card)
        .then(buyer)
        .when(channel != "pos")
        .then("receiver"),
        buyer_account=pl.when(shown).then(account),
        openid=pl.when(wechat).then(
            pl.concat_str(
                pl.when(channel == "wechat_shop").then(pl.lit("oS")).otherwise(pl.lit("oM")),
                open_number(buyer),
            )
        ),
        unionid=pl.when((channel == "wechat_mini") & (buyer % 3 > 0)).then(union_id(buyer)),
        pay_id=pl.when(channel.is_in(["taobao", "app"]) & pl.col("paid_at").is_not_null()).then(
            pl.concat_str(
                text("paid_at", "%Y%m%d"),
                pl.lit("2200"),
                spread(pl.col("o"), 7, 10_000_000_000).cast(pl.String),
            )
        ),
    )


def account_number(person: pl.Expr) -> pl.Expr:
    return (person * 48_271 % 899_999_963 + 100_000_000).cast(pl.String)


def user_number(person: pl.Expr) -> pl.Expr:
    """The number of an app user: another one than the account that orders show."""
    return (person * 39_373 % 899_999_963 + 100_000_000).cast(pl.String)


def open_number(person: pl.Expr) -> pl.Expr:
    return pl.concat_str(
        pl.lit("x"), (person * 69_621 % 899_999_963 + 100_000_000).cast(pl.String), pl.lit("Zq")
    )


def union_id(person: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit("un_"), (person * 40_692 % 899_999_963 + 100_000_000).cast(pl.String))


def waybills(parcel: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Carrier name, 快递100 code and waybill number of a parcel number; null for null."""
    kind = (parcel * 13 + parcel // 7) % len(CARRIERS)
    name, code, prefix = (
        kind.replace_strict({i: c[j] for i, c in enumerate(CARRIERS)}, return_dtype=pl.String)
        for j in range(3)
    )
    return name, code, pl.concat_str(prefix, (spread(parcel, 37, 10**12) % 10**13).cast(pl.String))
