"""Till receipts: one row per item sold, a totals row at the end, receipt numbers unique per store and
day only."""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import EXPORT_WINDOW, changed_within, stamp, text
from dagster_project.demo.exports.states import yuan
from dagster_project.demo.exports.writing import XLSX_MAX_ROWS, Landing, arrange
from dagster_project.demo.words import STORES
from dagster_project.demo.world import World

SOURCE = "pos_receipts"


def write(world: World, landing: Landing) -> None:
    """All exports: every third a workbook, the rest CSV in GB18030."""
    for i, at in enumerate(world.calendar.exports(SOURCE)):
        frame = rows(world, at)
        if i % 3 == 0 and len(frame) <= XLSX_MAX_ROWS:
            landing.xlsx(SOURCE, f"门店小票_{stamp(at)}.xlsx", frame)
        else:
            landing.csv(SOURCE, f"门店小票_{stamp(at)}.csv", frame, "gb18030")


def rows(world: World, at: int) -> pl.DataFrame:
    """The receipt lines of one export and the totals row."""
    sold = changed_within(world.orders.filter(pl.col("channel") == "pos"), ["ordered_at"], at, EXPORT_WINDOW)
    names = {code: name for code, name, _ in STORES}
    lines = sold.join(
        world.lines.select("o", "n", "sku", "quantity", "line_amount"),
        on="o",
        how="inner",
        maintain_order="left_right",
    ).join(world.skus.select("sku", "title"), on="sku", how="left", maintain_order="left")
    body = lines.select(
        销售日期=text("ordered_at"),
        门店名称=pl.col("store").replace_strict(names),
        小票号=pl.col("receipt_no"),
        物料描述=pl.col("title"),
        销售数量=pl.col("quantity").cast(pl.String),
        销售金额=yuan("line_amount"),
        会员卡号=pl.col("buyer_account"),
    )
    total = lines.select(
        销售日期=pl.lit("合计"),
        销售数量=pl.col("quantity").sum().cast(pl.String),
        销售金额=yuan(pl.col("line_amount").sum()),
    ).head(1)
    return arrange(pl.concat([body, total], how="diagonal"), "pos_receipts")
