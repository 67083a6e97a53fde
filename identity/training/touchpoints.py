"""Generated records of the twelve touchpoints alone, as a file of customer records tells them: no orders, few
facts a record, each touchpoint with the ids that it really shows.

`harsh` makes more of everything that misleads: lent and recycled numbers, company and scalper numbers, gifts,
dummies, cut addresses. Orders with both owner and receiver are in `world`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from identity.names import name_forms
from identity.phones import phone_forms
from identity.records import RECORD_SCHEMA
from identity.training.people import GIVEN, people

HOMOPHONES = dict(zip("伟芳静明杰英志雨佳", "玮方敬鸣洁瑛智宇嘉", strict=True))
PLATFORMS = np.array(["taobao", "jd", "douyin", "pinduoduo", "app"])
MASKED_NAME, MASKED_PHONE = ("taobao", "douyin", "pinduoduo"), ("taobao", "jd", "pinduoduo")
START = datetime(2026, 1, 1)


@dataclass(frozen=True)
class Harshness:
    """Shares, of records or of persons, of what misleads."""

    gift: float
    company: float
    scalper: float
    lent: float
    recycled: float
    relative_calls: float
    family_card: float
    dummy: float
    typo: float
    cut_address: float
    shown: float
    """How often a touchpoint shows a fact that it may show."""


MILD = Harshness(0.05, 0.008, 0.001, 0.06, 0.012, 0.12, 0.05, 0.05, 0.02, 0.2, 0.8)
HARSH = Harshness(0.08, 0.006, 0.002, 0.2, 0.05, 0.25, 0.1, 0.08, 0.05, 0.4, 0.55)
PLACES = {
    # records a person, then what is shown: share of those that may be shown
    "wechat_oa_follow": (0.35, {"openid": 1.0, "unionid": 0.75}),
    "wechat_miniprogram_login": (0.45, {"openid": 1.0, "unionid": 0.9, "phone": 0.8}),
    "wecom_external_contact": (0.2, {"external_userid": 1.0, "unionid": 0.7, "name": 0.6, "phone": 0.3}),
    "wechat_shop_order": (
        0.6,
        {"openid": 1.0, "unionid": 0.5, "addressee_id": 0.7, "name": 1.0, "phone": 1.0, "home": 1.0}
        | {"order": 1.0},
    ),
    "wechat_pay_receipt": (0.3, {"openid": 1.0, "pay_id": 1.0, "order": 0.7}),
    "app_register_login": (
        0.4,
        {"user_id": 1.0, "phone": 1.0, "unionid": 0.4, "birthday": 0.3, "email": 0.15, "device_id": 0.8},
    ),
    "app_device_push": (0.2, {"device_id": 1.0, "user_id": 0.6}),
    "app_order_checkout": (
        2.2,
        {"account": 0.8, "addressee_id": 0.3, "name": 1.0, "phone": 1.0, "home": 1.0, "order": 1.0},
    ),
    "pos_member_scan": (
        0.5,
        {"member_no": 0.9, "phone": 0.9, "name": 0.6, "birthday": 0.15, "unionid": 0.2},
    ),
    "pos_receipt_payment": (0.2, {"pay_id": 1.0, "member_no": 0.4}),
    "cs_im_session": (0.2, {"account": 0.7, "visitor_id": 0.6, "order": 0.5}),
    "cs_phone_ticket": (0.25, {"ticket_id": 1.0, "phone": 1.0, "name": 0.7, "adcode": 0.4, "order": 0.4}),
}  # fmt: skip
BUYERS = ("openid", "unionid", "account")
"""An order that shows none of them is its receiver's."""
HOUSEHOLD_DEVICE = 0.25
ALWAYS = 0.99
"""A fact that a touchpoint always shows is not thinned by `Harshness.shown`."""


def touchpoint_world(persons: int, seed: int, how: Harshness = MILD) -> tuple[pl.DataFrame, pl.Series]:
    """A record table (RECORD_SCHEMA) of about six touchpoint records a person, and the person of each row."""
    rng = np.random.default_rng(seed)
    crowd = _shared(people(persons, rng, how.lent, how.recycled).table, rng, how)
    parts = [_touchpoint(crowd, name, much, shows, rng, how) for name, (much, shows) in PLACES.items()]
    table = pl.concat(parts, how="diagonal")
    table = _quoted(table, rng)
    table = table.with_columns(source=pl.lit("file"), source_record_id=pl.int_range(pl.len()).cast(pl.String))
    table = table.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in RECORD_SCHEMA.items() if name not in table.columns
    ).sample(fraction=1.0, shuffle=True, seed=seed)
    return table.select(*RECORD_SCHEMA).cast(RECORD_SCHEMA), table["person"]  # type: ignore[arg-type]


def _shared(crowd: pl.DataFrame, rng: np.random.Generator, how: Harshness) -> pl.DataFrame:
    """The people, some of whom use a company's or scalper's number and place, or somebody's old number."""
    count = crowd.height
    dice = rng.random(count)
    number, home = crowd["later_number"].to_numpy().copy(), crowd["later_home"].to_numpy().copy()
    for share, span in ((how.company, 600), (how.scalper, 2500)):
        chosen = rng.random(count) < share
        desk = np.arange(count) // span * span
        number, home = np.where(chosen, number[desk], number), np.where(chosen, home[desk], home)
    number = np.where(dice < how.recycled, number[rng.permutation(count)], number)
    return crowd.with_columns(later_number=pl.Series(number), later_home=pl.Series(home))


def _touchpoint(
    crowd: pl.DataFrame,
    touchpoint: str,
    much: float,
    shows: dict[str, float],
    rng: np.random.Generator,
    how: Harshness,
) -> pl.DataFrame:
    person = np.repeat(np.arange(crowd.height), rng.poisson(much, crowd.height))
    count = person.size
    is_order = touchpoint.endswith(("_order", "_checkout"))
    receiver = np.where(
        is_order & (rng.random(count) < how.gift), rng.integers(0, crowd.height, count), person
    )
    relative = np.clip(person + rng.choice([-1, 1], count), 0, crowd.height - 1)
    house = crowd["household"].to_numpy()
    calls = (touchpoint == "cs_phone_ticket") & (rng.random(count) < how.relative_calls)
    speaker = np.where(calls & (house[relative] == house[person]), relative, receiver)
    late = pl.Series(rng.random(count) < 0.75)
    told, own = crowd[speaker], crowd[person]
    number = pl.select(pl.when(late).then(told["later_number"]).otherwise(told["number"])).to_series()
    home = pl.select(pl.when(late).then(told["later_home"]).otherwise(told["home"])).to_series()
    adcode = pl.select(pl.when(late).then(told["later_adcode"]).otherwise(told["adcode"])).to_series()
    if touchpoint == "pos_member_scan":
        number = _swap(number, "13800138000", how.dummy, rng)
    channel = _channels(touchpoint, own, rng)
    # Who calls for a relative tells the relative's name, and shows the own number.
    name = _names((own if calls.any() else told)["name"], how.typo, rng)
    hides_name, hides_phone = channel.is_in(MASKED_NAME), channel.is_in(MASKED_PHONE)
    short = name.str.head(1) + pl.Series(rng.choice(np.array(["先生", "女士"]), count))
    name = pl.select(
        pl.when(hides_name).then(name.str.head(1) + "**")
        .when(pl.lit(touchpoint == "cs_phone_ticket") & pl.Series(rng.random(count) < 0.4)).then(short)
        .otherwise(name)
    ).to_series()  # fmt: skip
    masked = number.str.head(3) + "****" + number.str.tail(4)
    number = pl.select(pl.when(hides_phone).then(masked).otherwise(number)).to_series()
    text = pl.Series(person).cast(pl.String)
    card = np.where(rng.random(count) < how.family_card, house[person] + 10**8, person)
    place = home.hash(3) % 10**12
    shared = np.where(rng.random(count) < HOUSEHOLD_DEVICE, house[person] + 10**8, person)
    number_of_order = pl.Series(rng.integers(0, 10**6, count)).cast(pl.String)
    values: dict[str, Any] = {
        "openid": pl.lit(f"o-{_app(touchpoint)}-") + text,
        "unionid": pl.lit("u") + text,
        "external_userid": pl.lit("wm") + text,
        "user_id": pl.lit("U") + text,
        "member_no": pl.lit("M") + pl.Series(card).cast(pl.String),
        "account": pl.concat_str(channel, text, separator="|"),
        "addressee_id": pl.concat_str(channel, place.cast(pl.String), separator="|"),
        "visitor_id": pl.lit("v") + text,
        "ticket_id": pl.lit(f"T-{touchpoint}-") + pl.int_range(count).cast(pl.String),
        "pay_id": pl.lit("P") + text + "-" + pl.Series(rng.integers(0, 3, count)).cast(pl.String),
        "device_id": pl.lit("d") + pl.Series(shared).cast(pl.String),
        "birthday": own["birthday"],
        "email": own["email"],
        "order": pl.concat_str(channel, text, number_of_order, separator="|"),
        "phone": number, "name": name, "home": home, "adcode": adcode,
    }  # fmt: skip
    kept: dict[str, pl.Series] = {}
    rows = pl.DataFrame({"person": person})
    for fact, share in shows.items():
        is_shown = pl.Series(rng.random(count) < (share if share > ALWAYS else share * how.shown))
        kept[fact] = rows.select(pl.when(is_shown).then(values[fact]).alias(fact)).to_series()
    if "home" in kept:
        whole = pl.Series(rng.random(count) >= how.cut_address)
        kept["home"] = pl.select(pl.when(whole).then(home)).to_series()
        kept["adcode"] = adcode
    blank = pl.Series([None] * count, dtype=pl.String)
    contact = [phone_forms(kept.pop("phone", blank)), name_forms(kept.pop("name", blank))]
    order = kept.pop("order", blank)
    shown = pl.DataFrame({fact: kept[fact] for fact in BUYERS if fact in kept})
    if is_order:
        hidden = shown.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
        person = np.where(hidden, receiver, person)
    base = pl.DataFrame(
        {
            "person": person,
            "touchpoint": pl.repeat(touchpoint, count, eager=True),
            "role": pl.repeat("owner", count, eager=True),
            "record_kind": pl.repeat("touchpoint", count, eager=True),
            "occurred_at": pl.repeat(START, count, eager=True),
            "channel": channel,
            "quoted_id": order,
            **kept,
        }
    )
    return pl.concat([base, *contact], how="horizontal")


def _quoted(table: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Chats and calls quote an order of the person's own, where there is one."""
    is_order = pl.col("touchpoint").is_in(["wechat_shop_order", "app_order_checkout"])
    orders = table.filter(is_order).group_by("person").agg(own_order=pl.col("quoted_id").drop_nulls().first())
    joined = table.join(orders, on="person", how="left", maintain_order="left")
    quoted = pl.when(is_order | pl.col("quoted_id").is_null()).then("quoted_id").otherwise("own_order")
    return joined.with_columns(quoted_id=quoted).drop("own_order")


def _channels(touchpoint: str, own: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    if touchpoint.startswith("pos"):
        return pl.repeat("pos", own.height, eager=True)
    if touchpoint in ("app_order_checkout", "cs_im_session"):
        person = own["person"].to_numpy()
        return pl.Series(PLATFORMS[(person * 7 + rng.integers(0, 2, own.height)) % len(PLATFORMS)])
    return pl.repeat(touchpoint.split("_", maxsplit=1)[0], own.height, eager=True)


def _app(touchpoint: str) -> str:
    return {"wechat_oa_follow": "oa", "wechat_pay_receipt": "pay"}.get(touchpoint, "mini")


def _names(names: pl.Series, share: float, rng: np.random.Generator) -> pl.Series:
    """Some names misspelt: half by a homophone, half with another last character."""
    dice = pl.Series(rng.random(names.len()))
    other = names.str.head(-1) + pl.Series(rng.choice(np.array(list(GIVEN)), names.len()))
    return pl.select(
        pl.when(dice < share).then(names.str.replace_many(HOMOPHONES)).when(dice < 1.5 * share).then(other)
        .otherwise(names)
    ).to_series()  # fmt: skip


def _swap(values: pl.Series, value: str, share: float, rng: np.random.Generator) -> pl.Series:
    chosen = pl.Series(rng.random(values.len()) < share)
    return pl.select(pl.when(chosen).then(pl.lit(value)).otherwise(values)).to_series()
