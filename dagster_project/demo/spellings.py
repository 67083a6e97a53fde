"""How an order writes its delivery address and its receiver: columns or one string, short, old, masked.

The true place stays in the row; every spelling here still names that place, unless `visible_to` says
less or the district is ambiguous (then the true adcode is null).
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import Calendar

ONE_STRING = {"taobao": " ", "jd": ""}
"""Channels that export the address as one string, and what they put between its parts."""
FULL_WIDTH = dict(zip("0123456789", "０１２３４５６７８９", strict=True))
MASKING = ("jd", "pinduoduo", "kuaishou")
SHORT_PROVINCE = r"(壮族自治区|维吾尔自治区|自治区|省|市)$"
MASKED_PHONE_SHARE = {"douyin": 0.45, "pinduoduo": 0.6, "jd": 0.5, "kuaishou": 0.5, "taobao": 0.1}
VIRTUAL_PHONE_SHARE = {"douyin": 0.25, "taobao": 0.3, "jd": 0.2, "wechat_shop": 0.4}
MASKED_NAME_SHARE = {"douyin": 0.4, "pinduoduo": 0.7, "jd": 0.3, "kuaishou": 0.5, "taobao": 0.1}
TYPO_SHARE, FAMILY_PHONE_SHARE = 0.02, 0.05
FULL_WIDTH_ABOVE = 985
"""Of a thousand addresses, those above this write their digits full-width."""
PARTS = ("w_province", "w_city", "w_district", "w_town", "w_address")


def write(calendar: Calendar, orders: pl.DataFrame, dwellings: pl.DataFrame) -> pl.DataFrame:
    """`orders` (with o, channel, a, burst) with the five written parts, adcode, place columns, address_key,
    visible_to (room, road, district), province_written (as the text spells it). A till receipt has none."""
    rng = calendar.rng("spellings")
    frame = orders.join(dwellings, on="a", how="left", maintain_order="left")
    dice = {f"r{i}": pl.Series(rng.integers(0, 1000, len(orders))) for i in range(5)}
    frame = frame.with_columns(**dice).with_columns(short_city=pl.col("city").str.strip_suffix("市"))
    masked = pl.col("channel").is_in(MASKING) & (
        pl.col("r0") < pl.when(pl.col("burst").is_null()).then(90).otherwise(25)
    )
    vague = (pl.col("is_shared") == 1) & (pl.col("r1") < 15) & pl.col("burst").is_null()
    vague &= pl.col("channel").is_in(list(ONE_STRING))
    frame = frame.with_columns(
        visible_to=pl.when(masked)
        .then(pl.when(pl.col("r0") % 2 == 0).then(pl.lit("district")).otherwise(pl.lit("road")))
        .otherwise(pl.lit("room")),
        vague=vague,
        detail=_detail(),
    )
    frame = _names(frame)
    apart = pl.col("channel").replace_strict(ONE_STRING, default="")
    whole = pl.concat_str("province_w", apart, "city_w", apart, "district_w", apart, "detail")
    bare = pl.concat_str("district", apart, "detail")
    single = pl.col("channel").is_in(list(ONE_STRING))
    till = pl.col("channel") == "pos"
    written = {name: pl.when(~single & ~till).then(f"{name[2:]}_w") for name in PARTS[:3]}
    key = pl.concat_str("adcode", "road", "number", "building", "unit", "room", separator="|")
    return frame.with_columns(
        **written,
        w_town=pl.lit(None, pl.String),
        w_address=pl.when(till)
        .then(None)
        .when(~single)
        .then("detail")
        .when("vague")
        .then(bare)
        .otherwise(whole),
        address_key=pl.when((pl.col("visible_to") == "room") & ~pl.col("vague") & ~till).then(key),
        adcode=pl.when(~pl.col("vague") & ~till).then("adcode"),
        province_written=pl.when(~pl.col("vague") & ~till).then("province_w"),
    ).drop(
        "r0",
        "r1",
        "r2",
        "r3",
        "r4",
        "short_city",
        "province_w",
        "city_w",
        "district_w",
        "detail",
        "estate",
        "is_shared",
        "legacy",
        "road",
        "number",
        "building",
        "unit",
        "room",
    )


def _detail() -> pl.Expr:
    """Road and flat, in one of three ways; less of it where the platform masks."""
    flat = [("号楼", "单元", "室"), ("幢", "单元", ""), ("栋", "单元", "室")]
    place = pl.concat_str("road", "number", pl.lit("号"))
    ways = [
        pl.concat_str(place, "estate", "building", pl.lit(b), "unit", pl.lit(u), "room", pl.lit(r))
        for b, u, r in flat
    ]
    hidden = (
        pl.when(pl.col("r0") % 2 == 0).then(pl.lit("****")).otherwise(pl.concat_str("road", pl.lit("***")))
    )
    full = (
        pl.when(pl.col("r2") % 3 == 0)
        .then(ways[0])
        .when(pl.col("r2") % 3 == 1)
        .then(ways[1])
        .otherwise(ways[2])
    )
    masked = pl.col("channel").is_in(MASKING) & (
        pl.col("r0") < pl.when(pl.col("burst").is_null()).then(90).otherwise(25)
    )
    wide = pl.when(pl.col("r1") > FULL_WIDTH_ABOVE).then(full.str.replace_many(FULL_WIDTH)).otherwise(full)
    return pl.when(masked).then(hidden).otherwise(wide)


def _names(frame: pl.DataFrame) -> pl.DataFrame:
    """Province, city and district as written: full, without suffix, by an earlier name, the city left out."""
    city_state = pl.col("province") == pl.col("city")
    short = pl.col("province").str.replace(SHORT_PROVINCE, "")
    jd = pl.col("channel") == "jd"
    no_suffix = pl.col("district").str.replace("(新区|区|市)$", "")
    district = (
        pl.when(pl.col("legacy").is_not_null() & (pl.col("r3") < 150))
        .then("legacy")
        .when((pl.col("r3") > 930) & (no_suffix.str.len_chars() >= 2))
        .then(no_suffix)
        .otherwise("district")
    )
    city = (
        pl.when(city_state & (pl.col("r4") < 120) & ~jd)
        .then(pl.lit("市辖区"))
        .when(pl.col("r4") > 920)
        .then("short_city")
    )
    return frame.with_columns(
        province_w=pl.when(jd | (pl.col("r2") > 900)).then(short).otherwise("province"),
        city_w=city.otherwise("city"),
        district_w=district,
    )


def receivers(calendar: Calendar, orders: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """`orders` with w_name, w_phone and virtual_until (epoch seconds, where the number is virtual)."""
    rng = calendar.rng("receivers")
    who = people.select("p", "name", "typo_name", "phone", "family")
    elder = people.select("p", elder_phone="phone")
    frame = orders.join(who, left_on="receiver", right_on="p", how="left", maintain_order="left")
    frame = frame.join(elder, left_on="family", right_on="p", how="left", maintain_order="left")
    roll = {f"q{i}": pl.Series(rng.random(len(orders))) for i in range(4)}
    frame = frame.with_columns(**roll, ext=pl.Series(rng.integers(1000, 9999, len(orders))).cast(pl.String))
    phone = pl.when(pl.col("q3") < FAMILY_PHONE_SHARE).then("elder_phone").otherwise("phone")
    masked_at, virtual_at, name_at = (
        pl.col("channel").replace_strict(share, default=0.0, return_dtype=pl.Float64)
        for share in (MASKED_PHONE_SHARE, VIRTUAL_PHONE_SHARE, MASKED_NAME_SHARE)
    )
    is_virtual = (pl.col("q0") >= masked_at) & (pl.col("q0") < masked_at + virtual_at)
    pool = pl.concat_str(
        pl.lit("1840"), (pl.col("o") * 7919 % 10_000_000).cast(pl.String).str.zfill(7), pl.lit("-"), "ext"
    )
    jd_mask = pl.concat_str(phone.str.head(1), pl.lit("******"), phone.str.tail(4))
    mask = pl.concat_str(phone.str.head(3), pl.lit("****"), phone.str.tail(4))
    name = pl.when(pl.col("q2") < TYPO_SHARE).then("typo_name").otherwise("name")
    till = pl.col("channel") == "pos"
    return frame.with_columns(
        w_phone=pl.when(till)
        .then(None)
        .when(is_virtual)
        .then(pool)
        .when(pl.col("q0") >= masked_at)
        .then(phone)
        .when(pl.col("channel") == "jd")
        .then(jd_mask)
        .otherwise(mask),
        w_name=pl.when(till)
        .then(None)
        .when(pl.col("q1") < name_at)
        .then(pl.concat_str(pl.col("name").str.head(1), pl.lit("**")))
        .otherwise(name),
        virtual_until=pl.when(is_virtual).then(pl.col("ordered_at") + 15 * 86_400),
    ).drop("q0", "q1", "q2", "q3", "ext", "elder_phone", "typo_name", "name", "phone", "family")
