"""Channel codes that nobody mapped: the SKU that they are likely to stand for.

Each way of telling is a query of candidates; those that agree make each other surer, and where two SKUs are
nearly as likely there is no suggestion.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.stewardship import published as published_file
from dagster_project.lib.stewardship.suggesting import COLUMNS

if TYPE_CHECKING:
    import polars as pl

WAYS = {
    "elsewhere": (0.97, "同渠道其他店铺已映射", "mapped so in another shop of the channel"),
    "same_code": (0.97, "只差大小写、空格或连字符", "the same but for case, blanks or hyphens"),
    "barcode": (0.96, "就是该 SKU 的条码", "it is the SKU's barcode"),
    "holds_code": (0.9, "含有该 SKU 编码", "it holds the SKU's code"),
    "name": (0.8, "商品名称相同，且只有一个", "the same name, which only one SKU bears"),
    "one_letter": (0.7, "只差一个字符，且只有一个", "one character away from one SKU alone"),
}
"""Way → confidence of its own, and words. Of 3,500 made-up codes (tests/unit/stewardship/test_likely_codes.py
has them smaller) other writing and held codes were right without exception; one character was in all cases
where codes are sparse, and in 70 of 100 where every fifth number of four digits is a SKU and every fourth
unmapped code is none of them. The others are set below these by judgement."""
LEAST_MARGIN = 0.05
"""Confidence by which the first candidate must lead the second: what two ways of telling differ by at most.
"""
SHORTEST_HELD = 5
"""Characters of a SKU code that another code may hold: shorter ones are held by chance."""
_PLAIN = "upper(regexp_replace(nfc_normalize({text}), '[^0-9A-Za-z]', '', 'g'))"
_CANDIDATES = f"""
    with unmapped as (
        select distinct channel, coalesce(shop_id, '') as shop, channel_sku_code, product_name,
            {_PLAIN.format(text="channel_sku_code")} as plain
        from marts.dim_sku_aliases
        where resolved_sku_code is null
    ),

    skus as (
        select sku_code, name, {_PLAIN.format(text="barcode")} as barcode,
            {_PLAIN.format(text="sku_code")} as plain
        from marts.dim_skus
    ),

    codes as (select distinct plain from unmapped where plain <> ''),

    held as (
        select distinct plain, piece
        from (
            select plain, unnest(
                list_transform(range(1, length(plain) - {SHORTEST_HELD} + 2), lambda n: substr(plain, n))
                || list_transform(range({SHORTEST_HELD}, length(plain) + 1), lambda n: left(plain, n))
            ) as piece
            from codes
        )
    ),

    lacking as (
        select plain, unnest(
            [plain] || list_transform(
                range(1, length(plain) + 1), lambda n: left(plain, n - 1) || substr(plain, n + 1)
            )
        ) as less
        from (select plain from codes union select plain from skus)
    ),

    near as (
        select distinct codes.plain, skus.plain as other
        from codes
        join lacking as mine on codes.plain = mine.plain
        join lacking as theirs on mine.less = theirs.less
        join skus on theirs.plain = skus.plain
        where codes.plain <> skus.plain and damerau_levenshtein(codes.plain, skus.plain) = 1
    ),

    lone_names as (
        select name, min(sku_code) as sku_code
        from skus
        where name is not null
        group by name
        having count(*) = 1
    )

    select channel, shop, channel_sku_code, 'elsewhere' as way, mapped.sku_code
    from unmapped join marts.dim_sku_aliases as mapped using (channel, channel_sku_code)
    where mapped.sku_code is not null
    union
    select channel, shop, channel_sku_code, 'same_code', sku_code
    from unmapped join skus using (plain)
    where plain <> ''
    union
    select channel, shop, channel_sku_code, 'barcode', sku_code
    from unmapped join skus on unmapped.plain = skus.barcode where skus.barcode <> ''
    union
    select channel, shop, channel_sku_code, 'holds_code', sku_code
    from unmapped join held using (plain) join skus on held.piece = skus.plain
    where skus.plain <> unmapped.plain
    union
    select channel, shop, channel_sku_code, 'one_letter', sku_code
    from unmapped join near using (plain) join skus on near.other = skus.plain
    union
    select channel, shop, channel_sku_code, 'name', sku_code
    from unmapped join lone_names on product_name = lone_names.name
"""


def suggested(published: Path) -> pl.DataFrame:
    """Per channel code without a SKU the one that it is likely to stand for, if one leads."""
    import polars as pl

    if not published_file.has(published, "dim_sku_aliases"):
        return pl.DataFrame(
            schema={name: pl.Float64 if name == "confidence" else pl.String for name in COLUMNS}
        )
    code = ["channel", "shop", "channel_sku_code"]
    doubt = pl.col("way").replace_strict(
        {way: 1 - sure for way, (sure, _, _) in WAYS.items()}, return_dtype=pl.Float64
    )
    words = [
        pl.col("way").replace_strict({way: told[at] for way, told in WAYS.items()}).alias(name)
        for at, name in ((1, "why_zh"), (2, "why_en"))
    ]
    found = published_file.query(published, _CANDIDATES).with_columns(doubt.alias("doubt"), *words)
    likely = found.group_by(*code, "sku_code").agg(
        (1 - pl.col("doubt").product()).alias("confidence"),
        *(
            pl.col(name).sort_by("doubt", "way").str.join("；" if name == "why_zh" else "; ")
            for name in ("why_zh", "why_en")
        ),
    )
    ranked = likely.sort(*code, "confidence", "sku_code", descending=[False] * 3 + [True, False])
    second = pl.col("confidence").shift(-1).over(code).fill_null(0.0)
    best = ranked.with_columns(lead=pl.col("confidence") - second).unique(
        code, keep="first", maintain_order=True
    )
    key = pl.concat_str(code, separator="/")
    return best.filter(pl.col("lead") >= LEAST_MARGIN).select(
        pl.lit("sku_alias").alias("entity"), key.alias("record_key"), pl.lit("sku_code").alias("field"),
        pl.lit(None, pl.String).alias("old_value"), pl.col("sku_code").alias("new_value"),
        pl.col("confidence").round(3), key.alias("about_key"), "why_zh", "why_en",
    )  # fmt: skip
