"""Generated orders and touchpoints of generated people, as a record table with the person of each row.

The world is meant to be harsh where real ones are: shared and recycled numbers, gifts, office addresses,
masks, one wrong character in a name, tills fed with a dummy number. Addresses and the lake's form are
left out: the record table is written directly.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from identity.names import name_forms
from identity.phones import phone_forms
from identity.records import RECORD_SCHEMA
from identity.training.people import GIVEN, People, people

CHANNELS = ("taobao", "douyin", "jd", "pinduoduo", "kuaishou", "wechat_shop", "app")
SHOWS_ACCOUNT = ("taobao", "jd", "app")
MASKS_NAME = ("taobao", "douyin")
MASKS_PHONE = ("taobao", "jd")
GIFT_SHARE, FAMILY_SHARE, OFFICE_SHARE = 0.06, 0.06, 0.5
TYPO_SHARE, DUMMY_SHARE = 0.015, 0.03
START = datetime(2026, 1, 1)


def world(persons: int, seed: int) -> tuple[pl.DataFrame, pl.Series]:
    """A record table (RECORD_SCHEMA) of about nine rows a person, and the person of each row."""
    rng = np.random.default_rng(seed)
    crowd = people(persons, rng)
    table = pl.concat([_orders(crowd, rng), _touchpoints(crowd, rng)], how="diagonal")
    table = table.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in RECORD_SCHEMA.items() if name not in table.columns
    )
    table = table.sample(fraction=1.0, shuffle=True, seed=seed)
    return table.select(*RECORD_SCHEMA).cast(RECORD_SCHEMA), table["person"]  # type: ignore[arg-type]


def _orders(crowd: People, rng: np.random.Generator) -> pl.DataFrame:
    persons = crowd.table.height
    buyer = np.repeat(np.arange(persons), rng.poisson(3.2, size=persons))
    count = buyer.size
    favourite = rng.integers(0, len(CHANNELS), size=(persons, 3))
    channel = np.array(CHANNELS)[favourite[buyer, rng.integers(0, 3, size=count)]]
    kind = rng.random(count)
    relative = np.clip(buyer + rng.choice([-1, 1], size=count), 0, persons - 1)
    same_house = crowd.table["household"].to_numpy()[relative] == crowd.table["household"].to_numpy()[buyer]
    friend = rng.integers(0, persons, size=count)
    receiver = np.where(kind < GIFT_SHARE, friend, buyer)
    receiver = np.where((kind > 1 - FAMILY_SHARE) & same_house, relative, receiver)
    late = rng.random(count) < 0.5
    named = crowd.table[receiver]
    name = _typos(named["name"], rng)
    number = pl.select(
        pl.when(pl.Series(late)).then(named["later_number"]).otherwise(named["number"])
    ).to_series()
    home, adcode = _places(named, late, rng)
    masks_name, masks_phone = np.isin(channel, MASKS_NAME), np.isin(channel, MASKS_PHONE)
    order = pl.Series(np.arange(count)).cast(pl.String)
    channels = pl.Series(channel)
    order_id = pl.select(pl.concat_str(channels, order, separator="|")).to_series()
    shown = np.isin(channel, SHOWS_ACCOUNT)
    base = {
        "source": channels + "_orders",
        "channel": channels,
        "source_record_id": order,
        "record_kind": pl.repeat("order", count, eager=True),
        "occurred_at": pl.repeat(START, count, eager=True),
        "order_id": order_id,
    }
    account = pl.select(
        pl.when(pl.Series(shown)).then(
            pl.concat_str(channels, pl.Series(buyer).cast(pl.String), separator="|")
        )
    ).to_series()
    wechat = pl.Series(channel == "wechat_shop")
    unionid = pl.select(pl.when(wechat).then(pl.lit("u") + pl.Series(buyer).cast(pl.String))).to_series()
    owner = np.where(shown | wechat.to_numpy(), buyer, receiver)
    owners = pl.DataFrame(
        {
            **base,
            "person": owner,
            "role": ["owner"] * count,
            "account": account,
            "unionid": unionid,
            "shows_buyer": shown | wechat.to_numpy(),
        }
    )
    seen_name = pl.select(
        pl.when(pl.Series(masks_name)).then(name.str.head(1) + "*").otherwise(name)
    ).to_series()
    seen_number = pl.select(
        pl.when(pl.Series(masks_phone))
        .then(number.str.head(3) + "****" + number.str.tail(4))
        .otherwise(number)
    ).to_series()
    hidden_home = pl.Series(masks_name | (rng.random(count) < 0.25))
    recipients = pl.DataFrame(
        {
            **base,
            "person": receiver,
            "role": ["recipient"] * count,
            "home": pl.select(pl.when(~hidden_home).then(home)).to_series(),
            "adcode": adcode,
        }
    )
    contact = pl.concat([recipients, phone_forms(seen_number), name_forms(seen_name)], how="horizontal")
    return pl.concat([owners, contact], how="diagonal")


def _touchpoints(crowd: People, rng: np.random.Generator) -> pl.DataFrame:
    kinds = ("wechat_miniprogram_login", "app_register_login", "pos_member_scan", "cs_phone_ticket")
    parts = [_touchpoint(crowd.table, kind, rng) for kind in kinds]
    return pl.concat(parts, how="diagonal")


def _touchpoint(table: pl.DataFrame, kind: str, rng: np.random.Generator) -> pl.DataFrame:
    seen = table.filter(pl.Series(rng.random(table.height) < 0.35))
    count = seen.height
    dummy = pl.Series((rng.random(count) < DUMMY_SHARE) & (kind == "pos_member_scan"))
    late = pl.Series(rng.random(count) < 0.5)
    number = pl.select(
        pl.when(dummy)
        .then(pl.lit("13900000001"))
        .when(late)
        .then(seen["later_number"])
        .otherwise(seen["number"])
    ).to_series()
    named = kind in ("pos_member_scan", "cs_phone_ticket", "app_register_login")
    tells_name = pl.Series(rng.random(count) < (0.7 if named else 0.0))
    tells_birth = pl.Series(rng.random(count) < (0.5 if named else 0.0))
    person = seen["person"].cast(pl.String)
    name = pl.select(pl.when(tells_name).then(_typos(seen["name"], rng))).to_series()
    rows = seen.select(
        "person",
        source=pl.lit("luyue_customer_records"),
        source_record_id=pl.concat_str(pl.lit(kind), person, separator="-"),
        role=pl.lit("owner"),
        record_kind=pl.lit("touchpoint"),
        touchpoint=pl.lit(kind),
        occurred_at=pl.lit(START),
        birthday=pl.when(tells_birth).then("birthday"),
        email=pl.when(tells_birth).then("email"),
        unionid=pl.when(pl.lit(kind == "wechat_miniprogram_login")).then(pl.lit("u") + person),
        user_id=pl.when(pl.lit(kind == "app_register_login")).then(person),
        account=pl.when(pl.lit(kind == "app_register_login")).then(pl.lit("app|") + person),
        member_no=pl.when(pl.lit(kind == "pos_member_scan")).then(person),
        adcode=pl.when(pl.lit(kind == "cs_phone_ticket")).then("adcode"),
    )
    return pl.concat([rows, phone_forms(number), name_forms(name)], how="horizontal")


def _places(named: pl.DataFrame, late: np.ndarray, rng: np.random.Generator) -> tuple[pl.Series, pl.Series]:
    office = named["at_office"] & pl.Series(rng.random(named.height) < OFFICE_SHARE)
    moved = pl.Series(late)
    chosen = named.select(
        home=pl.when(office).then("office").when(moved).then("later_home").otherwise("home"),
        adcode=pl.when(office).then("office_adcode").when(moved).then("later_adcode").otherwise("adcode"),
    )
    return chosen["home"], chosen["adcode"]


def _typos(names: pl.Series, rng: np.random.Generator) -> pl.Series:
    wrong = pl.Series(rng.random(names.len()) < TYPO_SHARE)
    other = pl.Series(rng.choice(np.array(list(GIVEN)), size=names.len()))
    return pl.select(pl.when(wrong).then(names.str.head(-1) + other).otherwise(names)).to_series()
