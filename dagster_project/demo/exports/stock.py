"""Stock files: 聚水潭 movements and snapshots, and the merchant's own physical counts."""

from __future__ import annotations

import polars as pl

from dagster_project.demo import counts
from dagster_project.demo.clock import FEED_WINDOW, HOUR, stamp, text
from dagster_project.demo.exports.luyue_orders import put
from dagster_project.demo.exports.states import yuan
from dagster_project.demo.exports.writing import Landing, arrange
from dagster_project.demo.words import WAREHOUSES
from dagster_project.demo.world import World

MOVEMENTS, SNAPSHOTS, COUNTS = "jst_stock_movements", "jst_stock_counts", "luyue_stock_counts"
NAMES = {code: name for code, name, _ in WAREHOUSES}


def write(world: World, moves: pl.DataFrame, landing: Landing) -> None:
    """All exports of the three sources."""
    for i, at in enumerate(world.calendar.exports(MOVEMENTS)):
        frame = arrange(movement_rows(world, moves, at), "jst_movements")
        landing.csv(MOVEMENTS, f"进出仓流水_{stamp(at)}.csv", frame, "gb18030" if i % 5 == 4 else "utf-8-sig")
    for i, at in enumerate(world.calendar.exports(SNAPSHOTS)):
        frame = arrange(snapshot_rows(world, moves, at), "jst_counts")
        landing.csv(SNAPSHOTS, f"商品库存_{stamp(at)}.csv", frame, "gb18030" if i % 2 else "utf-8-sig")
    for i, at in enumerate(counts.physical_times(world.calendar)):
        shelf = counts.shelf(world, moves, at, i).join(
            world.skus.select("sku", "sku_code"), on="sku", how="left", maintain_order="left"
        )
        frame = shelf.select(
            pl.col("warehouse").alias("warehouse_code"),
            "sku_code",
            pl.lit(at).alias("counted_at"),
            pl.lit("physical").alias("count_type"),
            pl.col("on_hand").alias("on_hand_qty"),
        )
        put(landing, COUNTS, f"luyue_stock_counts_{stamp(at + HOUR)}", frame, "csv")


def movement_rows(world: World, moves: pl.DataFrame, at: int) -> pl.DataFrame:
    """Documents recorded or changed lately, each with all the lines that it has at `at`."""
    booked = moves.filter(pl.col("booked").is_not_null() & (pl.col("recorded_at") <= at))
    lately = pl.max_horizontal(
        "recorded_at", *(pl.when(pl.col(c) <= at).then(c) for c in ("corrected_at", "withdrawn_at"))
    )
    touched = booked.filter(lately > at - FEED_WINDOW).select("document").unique()
    shown = booked.join(touched, on="document", how="semi", maintain_order="left")
    shown = shown.filter((pl.col("withdrawn_at") > at).fill_null(True)).sort(
        "occurred_at", "document", "line_no"
    )
    shown = shown.join(
        world.skus.select("sku", "sku_code", "title", "spec", "cost"),
        on="sku",
        how="left",
        maintain_order="left",
    )
    quantity = pl.when(pl.col("corrected_at") <= at).then("booked").otherwise("first_booked")
    return shown.select(
        进出仓单号=pl.col("document"),
        关联单号=pl.col("reference"),
        进出仓日期=text("occurred_at"),
        进出仓类型=pl.col("kind"),
        出入=pl.when(quantity < 0).then(pl.lit("出")).otherwise(pl.lit("入")),
        商品编码=pl.col("sku_code"),
        颜色规格=pl.col("spec"),
        仓储方=pl.col("warehouse").replace_strict(NAMES),
        仓库=pl.col("warehouse").replace_strict(NAMES),
        单位=pl.lit("件"),
        线上订单号=pl.col("channel_order_id"),
        成本价=yuan("cost"),
        数量=quantity,
    )


def snapshot_rows(world: World, moves: pl.DataFrame, at: int) -> pl.DataFrame:
    """Every key of the ERP; its time stands in the file name alone."""
    stock = counts.snapshot(world, moves, at).join(
        world.skus.select("sku", "sku_code"), on="sku", how="left", maintain_order="left"
    )
    return stock.select(
        商品编码=pl.col("sku_code"),
        主仓实际库存数=pl.col("on_hand"),
        公有可用数=pl.col("on_hand") - pl.col("locked"),
        采购在途数=pl.lit(0),
        调拨在途数=pl.lit(0),
        订单占有数=pl.col("locked"),
        仓储方=pl.col("warehouse").replace_strict(NAMES),
    )
