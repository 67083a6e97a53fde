"""What is wrong with channel codes: what they point to, and codes that only look different."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def judged(aliases: pl.DataFrame, masters: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows with the columns of the rules of channel codes."""
    import polars as pl

    known = masters["skus"]["sku_code"].implode()
    is_unknown = pl.col("sku_code").is_not_null() & ~pl.col("sku_code").is_in(known)
    folded = (
        pl.col("channel_sku_code").str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[\s_-]", "")
    )
    aliases = aliases.with_columns(folded=folded)
    in_shop = ["channel", "shop_id", "folded"]
    is_spelt_twice = (pl.len().over(in_shop) > 1) & (pl.col("sku_code").n_unique().over(in_shop) > 1)
    in_channel = ["channel", "channel_sku_code"]
    skus = pl.col("sku_code").drop_nulls().unique().sort().str.join(", ")
    differs = pl.col("sku_code").n_unique().over(in_channel) > 1
    spelt = pl.col("channel_sku_code").unique().sort().str.join(", ").over(in_shop)
    return aliases.with_columns(
        alias_unknown_sku=pl.when(is_unknown).then(pl.lit("no_such_sku")),
        alias_ambiguous=pl.when(is_spelt_twice).then(pl.lit("one_code_several_skus")),
        alias_ambiguous__detail=pl.when(is_spelt_twice).then(spelt),
        alias_shops_disagree=pl.when(differs).then(pl.lit("shops_disagree")),
        alias_shops_disagree__detail=pl.when(differs).then(skus.over(in_channel)),
    )
