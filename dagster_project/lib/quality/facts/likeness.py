"""SKUs that are one and the same by the likeness of their names, and which of them should stay.

Alike are names that are equal after folding (width, case, blanks, punctuation), or that differ in one Chinese
character which names no colour, size or number: `黑` and `红` are two goods, `杉` and `衫` one misspelt.
Digits and letters always count: they are sizes and models. A candidate also has the category of the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

TELLING = (
    "红橙黄绿青蓝紫黑白灰粉棕米卡其咖金银杏驼大中小特加长短厚薄男女童左右上下前后单双"
    "一二三四五六七八九十百半春夏秋冬甜辣咸酸"
)
"""Characters in which two goods differ that are otherwise named alike."""
SHORTEST = 3
"""Chinese characters that a name must have for one of them to be held for a slip."""


def survivors(skus: pl.DataFrame) -> pl.DataFrame:
    """sku_code, `survivor` (the least code of those alike, for all but itself) and
    `sku_name_duplicate__kind`: `same_name` or `alike_name`."""
    import polars as pl

    named = skus.select("sku_code", pl.col("category").fill_null(""), name=_folded("name")).filter(
        pl.col("name") != ""
    )
    same = named.with_columns(survivor=pl.col("sku_code").min().over("category", "name"))
    equal = same.filter(pl.col("survivor") != pl.col("sku_code")).select(
        "sku_code", "survivor", sku_name_duplicate__kind=pl.lit("same_name")
    )
    alike = _alike(same.filter(pl.col("survivor") == pl.col("sku_code")).drop("survivor"))
    return pl.concat([equal, alike]).sort("sku_code")


def _folded(column: str) -> pl.Expr:
    """Full width as half width, lower case, without blanks and punctuation."""
    import polars as pl

    return (
        pl.col(column)
        .fill_null("")
        .str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(r"[^\p{Han}\p{L}\p{N}]", "")
    )


def _alike(named: pl.DataFrame) -> pl.DataFrame:
    """Names with one Chinese character left out that meet: the slip may be another character or one too
    few."""
    import polars as pl

    han = pl.col("name").str.replace_all(r"[^\p{Han}]", "")
    kept = pl.col("name").str.replace_all(r"\p{Han}", "")
    spelt = named.select("sku_code", "category", kept=kept, han=han).filter(
        pl.col("han").str.len_chars() >= SHORTEST
    )
    places = spelt.with_columns(place=pl.int_ranges(0, pl.col("han").str.len_chars())).explode(
        "place", empty_as_null=True, keep_nulls=True
    )
    without = places.with_columns(
        gap=pl.col("han").str.slice(0, pl.col("place")) + pl.col("han").str.slice(pl.col("place") + 1),
        left_out=pl.col("han").str.slice(pl.col("place"), 1),
    )
    telling = pl.col("left_out").is_in(list(TELLING))
    block = ["category", "kept", "gap", "place"]
    met = without.with_columns(
        survivor=pl.col("sku_code").min().over(block), is_telling=telling.any().over(block)
    ).filter((pl.col("survivor") != pl.col("sku_code")) & ~pl.col("is_telling"))
    found = met.group_by("sku_code").agg(pl.col("survivor").min())
    return found.with_columns(sku_name_duplicate__kind=pl.lit("alike_name"))
