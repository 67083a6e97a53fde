"""京东 POP exports: order × SKU with the order's money on every row, remarks in money cells, (删除) in
states."""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import stamp, text
from dagster_project.demo.exports.states import lines_of, time_at, window, yuan
from dagster_project.demo.exports.writing import XLSX_MAX_ROWS, Landing, arrange
from dagster_project.demo.words import WAREHOUSES
from dagster_project.demo.world import World

SOURCE = "jd_orders"
WORDS = {
    "closed": "取消",
    "completed": "完成",
    "shipped": "等待确认收货",
    "paid_pending_ship": "等待出库",
    "pending_payment": "等待付款",
}
WORKBOOK_EVERY = 5
MONEY_REMARK = "（系统计算中，该值仅供参考）"


def write(world: World, landing: Landing) -> None:
    """All exports: every fifth one a workbook, the rest CSV in GB18030."""
    for i, at in enumerate(world.calendar.exports(SOURCE)):
        frame = arrange(rows(world, at), "jd_orders")
        if i % WORKBOOK_EVERY == 1 and len(frame) <= XLSX_MAX_ROWS:
            landing.xlsx(SOURCE, f"订单列表_{stamp(at)}.xlsx", frame)
        else:
            landing.csv(SOURCE, f"订单列表_{stamp(at)}.csv", frame, "gb18030")


def rows(world: World, at: int) -> pl.DataFrame:
    """The rows of one export, one per order and SKU."""
    frame = lines_of(_with_remarks(window(world.orders, "jd", at), world.orders), world.lines, world.skus, at)
    over = pl.col("state").is_in(["closed", "completed"])
    word = pl.col("state").replace_strict(WORDS)
    paid = yuan("paid_amount")
    return frame.select(
        订单号=pl.col("channel_order_id"),
        商品ID=(100_000_000_001 + pl.col("sku") * 10).cast(pl.String),
        商品名称=pl.col("title"),
        订购数量=pl.col("quantity"),
        支付方式=pl.lit("在线支付"),
        下单时间=text("ordered_at"),
        京东价=pl.concat_str(pl.lit("¥"), yuan("unit_price")),
        订单金额=yuan(pl.col("goods") + pl.col("freight")),
        商家应收=paid,
        余额支付=pl.lit("0.00"),
        应付金额=pl.when(pl.col("o") % 5 == 0)
        .then(pl.concat_str(paid, pl.lit(MONEY_REMARK)))
        .otherwise(paid),
        订单状态=pl.when(over & (pl.col("o") % 23 == 0))
        .then(pl.concat_str(pl.lit("(删除)"), word))
        .otherwise(word),
        下单帐号=pl.col("buyer_account"),
        客户姓名=pl.col("w_name"),
        客户地址=pl.col("w_address"),
        联系电话=pl.col("w_phone"),
        虚拟号过期时间=text("virtual_until"),
        商家备注=pl.when(pl.col("state") == "closed").then("split_remark"),
        运费金额=yuan("freight"),
        付款确认时间=time_at("paid_at", at),
        货号=pl.col("sku_code"),
        商家SKUID=pl.col("sku_code"),
        订单完成时间=time_at("completed_at", at),
        仓库名称=pl.col("warehouse").replace_strict({code: name for code, name, _ in WAREHOUSES}),
        订单出库时间=time_at("ship_at", at),
        承诺发货时间=pl.when(pl.col("paid_at") <= at).then(text("promised_ship_at")),
    )


def _with_remarks(frame: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """`frame` with split_remark: on an order that was split, the new ids."""
    children = orders.filter(pl.col("family_no").is_not_null() & ~pl.col("is_parent"))
    ids = children.group_by("family_no").agg(pl.col("channel_order_id").sort().str.join(" "))
    frame = frame.join(
        ids.rename({"channel_order_id": "child_ids"}), on="family_no", how="left", maintain_order="left"
    )
    return frame.with_columns(
        split_remark=pl.when("is_parent").then(pl.concat_str(pl.lit("订单拆分为 "), "child_ids"))
    )
