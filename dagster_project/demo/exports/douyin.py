"""抖店 order exports: one row per sub-order, a TAB before every id and text, two header versions."""

from __future__ import annotations

import zlib

import polars as pl

from dagster_project.demo.clock import text
from dagster_project.demo.exports.states import lines_of, time_at, window, yuan
from dagster_project.demo.exports.writing import Landing, arrange
from dagster_project.demo.world import World

SOURCE = "douyin_orders"
WORDS = {
    "closed": "已关闭",
    "completed": "已完成",
    "shipped": "已发货",
    "partially_shipped": "部分发货",
    "paid_pending_ship": "待发货",
    "pending_payment": "待支付",
}
WALL_CLOCK_OFFSET = 8 * 3600
"""File names hold true epoch seconds, the world counts Shanghai wall clock."""
OLD_HEADER_EVERY = 4
"""Every fourth file, but never one of the last three, still has the header of 2025."""


def write(world: World, landing: Landing) -> None:
    """All exports of the channel."""
    times = world.calendar.exports(SOURCE)
    for i, at in enumerate(times):
        old = i % OLD_HEADER_EVERY == 1 and i < len(times) - 3
        frame = arrange(rows(world, at, old), "douyin_v1" if old else "douyin_v2")
        landing.csv(SOURCE, file_name(at), frame, "utf-8-sig", "always")


def file_name(at: int) -> str:
    return (
        f"{at - WALL_CLOCK_OFFSET}_{zlib.crc32(str(at).encode()):08x}{zlib.adler32(str(at).encode()):08x}.csv"
    )


def rows(world: World, at: int, old: bool = False) -> pl.DataFrame:
    """The rows of one export, under the platform's column names."""
    frame = lines_of(window(world.orders, "douyin", at), world.lines, world.skus, at)
    refunded = pl.col("is_refunded") | pl.col("line_cancelled")
    first = pl.col("n") == 1
    shared = {
        "主订单编号": tab("channel_order_id"),
        "子订单编号": tab((pl.col("id_number") + pl.col("n")).cast(pl.String)),
        "选购商品": tab("title"),
        "商家编码": tab("sku_code"),
        "商品数量": pl.col("quantity"),
        "商品ID": tab((3_600_000_000_001 + pl.col("sku") * 10).cast(pl.String)),
        "支付方式": pl.lit("微信"),
        "订单应付金额": yuan("paid_share"),
        "运费": pl.when(first).then(yuan("freight")).otherwise(pl.lit("0.00")),
        "优惠总金额": pl.when(first).then(yuan("discount")).otherwise(pl.lit("0.00")),
        "商家优惠": pl.when(first).then(yuan("discount")).otherwise(pl.lit("0.00")),
        "平台优惠": pl.lit("0.00"),
        "收件人": tab("w_name"),
        "收件人手机号": tab("w_phone"),
        "省": tab("w_province"),
        "市": tab("w_city"),
        "区": tab("w_district"),
        "街道": pl.lit("-"),
        "详细地址": tab("w_address"),
        "是否修改过地址": pl.lit("否"),
        "买家留言": pl.lit("-"),
        "订单提交时间": text("ordered_at"),
        "支付完成时间": time_at("paid_at", at).fill_null("-"),
        "订单完成时间": time_at("completed_at", at).fill_null("-"),
        "承诺发货时间": pl.when(pl.col("paid_at") <= at).then(text("promised_ship_at")).fill_null("-"),
        "订单状态": pl.col("line_state").replace_strict(WORDS),
        "取消原因": pl.when(pl.col("line_state") == "closed")
        .then(pl.lit("多拍/错拍/不想要"))
        .otherwise(pl.lit("-")),
        "售后状态": pl.when(refunded).then(pl.lit("退款成功")).otherwise(pl.lit("-")),
        "发货时间": time_at("line_ship_at", at).fill_null("-"),
        "预计送达时间": pl.when(pl.col("ship_at") <= at)
        .then(text(pl.col("ship_at") + 259_200))
        .fill_null("-"),
        "仓库ID": pl.col("warehouse"),
    }
    if old:
        own = {"商品规格": tab("spec"), "商品单价": yuan("unit_price")}
    else:
        waybill = pl.concat_str("line_carrier", pl.lit("-"), "line_waybill")
        own = {"货号": tab("spec"), "商品金额": yuan("unit_price"), "快递信息": tab(waybill.fill_null("-"))}
    return frame.select(**shared, **own)


def tab(value: str | pl.Expr) -> pl.Expr:
    """The value behind a TAB, as 抖店 writes it so that Excel keeps it as text."""
    return pl.concat_str(pl.lit("\t"), value, ignore_nulls=True)
