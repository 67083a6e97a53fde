-- Grain: one row per (channel, channel_order_id, channel_line_id). Additive: quantity,
-- line_amount_cny, paid_share_cny.
with order_lines as (
    select * from {{ ref('int_orders__lines') }}
),

absent as (
    select
        key_1 as channel,
        key_2 as channel_order_id,
        key_3 as channel_line_id,
        is_absent_since
    from {{ ref('int_rows__absent') }}
    where feed = 'orders'
),

absent_orders as (
    select * from {{ ref('int_orders__absent') }}
),

final as (
    select
        order_lines.channel,
        order_lines.channel_order_id,
        order_lines.channel_line_id,
        order_lines.shop_id,
        order_lines.channel_sku_code,
        order_lines.sku_code,
        order_lines.product_name,
        order_lines.spec,
        order_lines.status,
        order_lines.aftersale_status,
        order_lines.is_cancelled,
        cast(order_lines.quantity as decimal(18, 3)) as quantity,
        cast(order_lines.unit_price_cny as decimal(18, 2)) as unit_price_cny,
        cast(order_lines.line_amount_cny as decimal(18, 2)) as line_amount_cny,
        cast(order_lines.paid_share_cny as decimal(18, 2)) as paid_share_cny,
        order_lines.shipped_at,
        order_lines.carrier,
        order_lines.waybill_no,
        order_lines.warehouse_code,
        order_lines.extras,
        order_lines.source,
        coalesce(absent.is_absent_since, absent_orders.is_absent_since) as is_absent_since
    from order_lines
    left join absent
        on
            order_lines.channel = absent.channel
            and order_lines.channel_order_id = absent.channel_order_id
            and order_lines.channel_line_id = absent.channel_line_id
    left join absent_orders
        on
            order_lines.channel = absent_orders.channel
            and order_lines.channel_order_id = absent_orders.channel_order_id
)

select * from final
