"""Master data of any size for the bench: SKUs, channel codes, carriers' areas, some of them wrong."""

from __future__ import annotations

import polars as pl

WRONG_EVERY = 50
"""One record in so many has an error: 2 %."""
KINDS = (
    "登山杖",
    "羽绒服",
    "运动鞋",
    "电饭煲",
    "空气炸锅",
    "洗面奶",
    "坚果礼盒",
    "鲜牛奶",
    "纸尿裤",
    "保温杯",
)
CATEGORIES = ("运动", "服饰", "服饰", "小家电", "小家电", "美妆", "食品", "生鲜", "母婴", "家居")
SHOPS = 4


def skus(rows: int) -> pl.DataFrame:
    """The feed `skus` as newest rows: barcodes, names, weights and costs of a shop of that many goods."""
    number = pl.int_range(rows)
    kind = number % len(KINDS)
    is_wrong = number % WRONG_EVERY == 0
    frame = pl.select(
        sku_code=pl.lit("LY") + number.cast(pl.String).str.zfill(7),
        name=kind.replace_strict(dict(enumerate(KINDS)), return_dtype=pl.String)
        + " "
        + number.cast(pl.String),
        category=kind.replace_strict(dict(enumerate(CATEGORIES)), return_dtype=pl.String),
        body=pl.lit("697") + (number * 104_729 % 10**9).cast(pl.String).str.zfill(9),
        temperature_class=pl.when(kind == 7).then(pl.lit("chilled")).otherwise(pl.lit("ambient")),
        weight_kg=pl.when(is_wrong).then(1_200.0).otherwise(0.2 + number % 50 / 10),
        cost_cny=20.0 + number % 400,
        owner=pl.lit("bench"),
        source=pl.lit("luyue_skus"),
    )
    from dagster_project.lib.quality.facts.barcodes import check_digit

    return frame.with_columns(barcode=pl.col("body") + check_digit(pl.col("body"))).drop("body")


def aliases(of: pl.DataFrame) -> pl.DataFrame:
    """The feed `sku_aliases`: each SKU under its code in four shops, one in fifty pointing nowhere."""
    shops = pl.DataFrame(
        {"channel": ["jd", "jd", "app", "douyin"], "shop_id": [f"S{n}" for n in range(SHOPS)]}
    )
    number = pl.int_range(pl.len())
    return (
        of.select("sku_code")
        .join(shops, how="cross")
        .with_columns(
            channel_sku_code="sku_code",
            sku_code=pl.when(number % WRONG_EVERY == 0).then(pl.lit("GONE")).otherwise("sku_code"),
            source=pl.lit("luyue_sku_aliases"),
        )
    )
