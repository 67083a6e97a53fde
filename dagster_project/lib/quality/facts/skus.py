"""What is wrong with SKUs beyond single cells: barcodes, duplicates by likeness, temperature, cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dagster_project.lib.quality.facts import barcodes, likeness

if TYPE_CHECKING:
    import polars as pl

TEMPERATURES = ("ambient", "chilled", "frozen")
"""Another word is the matter of sku_temperature_unknown alone."""
ALLOWED_TEMPERATURES: Mapping[str, tuple[str, ...]] = {
    "生鲜": ("chilled", "frozen"),
    "冷冻": ("frozen",),
    "服饰": ("ambient",),
    "小家电": ("ambient",),
    "家电": ("ambient",),
    "家居": ("ambient",),
    "家清": ("ambient",),
    "运动": ("ambient",),
}
"""Categories that need cold, or never do; of others (食品, 美妆, 母婴 …) either may be right."""
WORDS_OF_COLD: Mapping[str, tuple[str, ...]] = {
    "冷冻": ("frozen",),
    "速冻": ("frozen",),
    "冰淇淋": ("frozen",),
}
"""Words of a name that say how cold the goods are kept, whatever the category."""
MOST_COST_CNY = 200_000
FAR_FROM_CATEGORY = 40.0
"""How many times its category's median a cost may be, or that part of it: an amount in fen is 100 times too
much, prices within a category of the demo and of the merchants' lists differ by up to 30."""
LEAST_IN_CATEGORY = 5
"""With fewer SKUs a category has no usual cost."""


def judged(skus: pl.DataFrame, _masters: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows with the columns of the rules of SKUs."""
    import polars as pl

    skus = skus.with_columns(sku_barcode_invalid=barcodes.fault(pl.col("barcode")))
    folded = pl.col("barcode").str.strip_chars()
    others = pl.col("sku_code").sort().str.join(", ").over(folded)
    is_shared = folded.is_not_null() & (folded.str.len_chars() > 0) & (pl.len().over(folded) > 1)
    skus = skus.with_columns(
        sku_barcode_shared=pl.when(is_shared).then(pl.lit("shared")),
        sku_barcode_shared__detail=pl.when(is_shared).then(others),
    )
    alike = likeness.survivors(skus).rename({"survivor": "sku_name_duplicate__suggestion"})
    skus = skus.join(alike, on="sku_code", how="left", maintain_order="left")
    return skus.with_columns(
        sku_name_duplicate=pl.col("sku_name_duplicate__kind"),
        sku_name_duplicate__detail=pl.col("sku_name_duplicate__suggestion"),
        sku_temperature_conflict=_temperature(),
        sku_cost_range=_cost(),
    )


def _temperature() -> pl.Expr:
    import polars as pl

    given = pl.col("temperature_class")
    is_known = given.is_in(TEMPERATURES)
    asked = {"category": ALLOWED_TEMPERATURES, "name": WORDS_OF_COLD}
    by_category = pl.any_horizontal(
        (pl.col("category") == category) & ~given.is_in(list(classes))
        for category, classes in asked["category"].items()
    )
    by_name = pl.any_horizontal(
        pl.col("name").str.contains(word, literal=True) & ~given.is_in(list(classes))
        for word, classes in asked["name"].items()
    )
    return (
        pl.when(~is_known)
        .then(None)
        .when(by_name.fill_null(value=False))
        .then(pl.lit("name_says_otherwise"))
        .when(by_category.fill_null(value=False))
        .then(pl.lit("category_says_otherwise"))
    )


def _cost() -> pl.Expr:
    import polars as pl

    cost = pl.col("cost_cny").cast(pl.Float64)
    usual = cost.filter(cost > 0).median().over("category")
    is_told = pl.len().over("category") >= LEAST_IN_CATEGORY
    is_far = (cost > usual * FAR_FROM_CATEGORY) | (cost < usual / FAR_FROM_CATEGORY)
    return (
        pl.when(cost.is_null())
        .then(pl.lit("missing"))
        .when(cost <= 0)
        .then(pl.lit("not_positive"))
        .when(cost > MOST_COST_CNY)
        .then(pl.lit("too_high"))
        .when(is_told & pl.col("category").is_not_null() & is_far)
        .then(pl.lit("far_from_category"))
    )
