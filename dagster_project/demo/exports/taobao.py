"""淘宝 exports: the order report and the item report beside it, GB18030, `="…"` around ids, 0元 in fee
cells."""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import stamp, text
from dagster_project.demo.exports.states import lines_of, time_at, window, yuan
from dagster_project.demo.exports.writing import Landing, arrange
from dagster_project.demo.world import World

ORDERS, ITEMS = "taobao_orders", "taobao_items"
WORDS = {
    "closed": "交易关闭",
    "completed": "交易成功",
    "shipped": "卖家已发货，等待买家确认",
    "partially_shipped": "卖家部分发货",
    "paid_pending_ship": "买家已付款，等待卖家发货",
    "pending_payment": "等待买家付款",
}
CLOSE_REASONS = {
    "unpaid": "买家未付款",
    "cancelled": "买家申请退款",
    "refunded": "退款成功",
    "recalled": "退款成功",
}
SHORT_ITEMS_EVERY = 4
"""Every fourth item report, but never one of the last three, has the 27 columns of 2024: no shipping,
no promise."""


def write(world: World, landing: Landing) -> None:
    """All exports of both reports; each pair carries one and the same time."""
    times = world.calendar.exports(ORDERS)
    for i, at in enumerate(times):
        short = i % SHORT_ITEMS_EVERY == 2 and i < len(times) - 3
        landing.csv(ORDERS, order_file(at), arrange(order_rows(world, at), "taobao_orders"), "gb18030")
        kind = "taobao_items_27" if short else "taobao_items_36"
        landing.csv(
            ITEMS,
            f"ExportOrderDetailList{stamp(at)}.csv",
            arrange(item_rows(world, at, short), kind),
            "gb18030",
        )


def order_file(at: int) -> str:
    return f"ExportOrderList{stamp(at)}.csv"


def order_rows(world: World, at: int) -> pl.DataFrame:
    """The rows of one order report, one per order."""
    frame = window(world.orders, "taobao", at)
    first = world.lines.filter(pl.col("n") == 1).join(world.skus.select("sku", "title"), on="sku", how="left")
    frame = frame.join(first.select("o", "title"), on="o", how="left", maintain_order="left")
    shipped = pl.col("state").is_in(["shipped", "completed"]) | (
        (pl.col("state") == "closed") & (pl.col("ship_at") <= at)
    )
    partly = (pl.col("partly_refunded_at") <= at).fill_null(False)
    refund = (
        pl.when("is_refunded")
        .then(pl.concat_str(yuan("paid_amount"), pl.lit("元")))
        .when(partly)
        .then(pl.concat_str(yuan(pl.col("paid_amount") // 3), pl.lit("元")))
        .otherwise(pl.lit("无退款申请"))
    )
    return frame.select(
        订单编号=formula("channel_order_id"),
        买家会员名=pl.col("buyer_account"),
        支付单号=formula("pay_id"),
        买家应付货款=yuan(pl.col("goods") - pl.col("discount")),
        买家应付邮费=yuan("freight"),
        总金额=yuan("paid_amount"),
        买家实际支付金额=pl.when(pl.col("paid_at") <= at).then(yuan("paid_amount")).otherwise(pl.lit("0.00")),
        订单状态=words(pl.col("state"), pl.col("o")),
        收货人姓名=pl.col("w_name"),
        **{
            "收货地址 ": pl.col("w_address"),
            "联系电话 ": pl.lit("'"),
            "宝贝标题 ": pl.col("title"),
            "宝贝种类 ": pl.col("line_count"),
            "订单付款时间 ": time_at("paid_at", at),
            "物流单号 ": pl.when(shipped & pl.col("waybill_no").is_not_null())
            .then(formula("waybill_no"))
            .otherwise(pl.lit('=""')),
        },
        联系手机=pl.concat_str(pl.lit("'"), "w_phone"),
        虚拟号过期时间=text("virtual_until"),
        物流公司=pl.when(shipped).then("carrier"),
        运送方式=pl.lit("快递"),
        订单创建时间=text("ordered_at"),
        宝贝总数量=pl.col("pieces"),
        店铺Id=pl.lit("0"),
        店铺名称=pl.lit("履约旗舰店"),
        订单关闭原因=pl.when(pl.col("state") == "closed")
        .then(pl.col("close_kind").replace_strict(CLOSE_REASONS, default=""))
        .otherwise(pl.lit("订单未关闭")),
        卖家服务费=pl.lit("0元"),
        买家服务费=pl.lit("0元"),
        修改后的收货地址=pl.lit("null"),
        退款金额=refund,
        确认收货时间=time_at("completed_at", at),
        发货时间=time_at("ship_at", at),
    )


def item_rows(world: World, at: int, short: bool) -> pl.DataFrame:
    """The rows of one item report, one per sub-order."""
    frame = lines_of(window(world.orders, "taobao", at), world.lines, world.skus, at)
    refunded = pl.col("is_refunded") | pl.col("line_cancelled")
    shared = {
        "子订单编号": formula((pl.col("id_number") + pl.col("n")).cast(pl.String)),
        "主订单编号": formula("channel_order_id"),
        "商品标题": pl.col("title"),
        "商品价格": yuan("unit_price"),
        "购买数量": pl.col("quantity"),
        "商品属性": pl.col("spec"),
        "订单状态": words(pl.col("line_state"), pl.col("o")),
        "商家编码": pl.col("sku_code"),
        "支付单号": formula("pay_id"),
        "买家应付货款": yuan("line_amount"),
        "买家实付金额": pl.when(pl.col("paid_at") <= at).then(yuan("paid_share")).otherwise(pl.lit("0.00")),
        "退款状态": pl.when(refunded).then(pl.lit("退款成功")).otherwise(pl.lit("没有申请退款")),
        "退款金额": pl.when(refunded).then(yuan("paid_share")).otherwise(pl.lit("无退款申请")),
        "订单创建时间": text("ordered_at"),
        "订单付款时间": time_at("paid_at", at),
        "商品ID": formula((650_000_000_001 + pl.col("sku") * 10).cast(pl.String)),
    }
    own = (
        {}
        if short
        else {
            "发货时间": time_at("line_ship_at", at),
            "应发货时间": pl.when(pl.col("paid_at") <= at).then(text("promised_ship_at")),
            "物流单号": formula("line_waybill"),
            "物流公司": pl.col("line_carrier"),
        }
    )
    return frame.select(**shared, **own)


def words(state: pl.Expr, number: pl.Expr) -> pl.Expr:
    """The platform's words, with a half-width comma here and there."""
    said = state.replace_strict(WORDS)
    return pl.when(number % 17 == 0).then(said.str.replace("，", ",", literal=True)).otherwise(said)


def formula(value: str | pl.Expr) -> pl.Expr:
    """`="…"`, which keeps Excel from turning an id into a number; `=""` where there is none."""
    inner = pl.col(value) if isinstance(value, str) else value
    return pl.concat_str(pl.lit('="'), inner.fill_null(""), pl.lit('"'))
