-- Grain: one row per (channel, channel_order_id, channel_line_id). Additive: quantity,
-- line_amount_cny, paid_share_cny.
with lines as (
    select * from {{ ref('int_orders__lines') }}
),

final as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        shop_id,
        channel_sku_code,
        sku_code,
        product_name,
        spec,
        status,
        aftersale_status,
        is_cancelled,
        cast(quantity as decimal(18, 3)) as quantity,
        cast(unit_price_cny as decimal(18, 2)) as unit_price_cny,
        cast(line_amount_cny as decimal(18, 2)) as line_amount_cny,
        cast(paid_share_cny as decimal(18, 2)) as paid_share_cny,
        shipped_at,
        carrier,
        waybill_no,
        warehouse_code,
        extras,
        source
    from lines
)

select * from final
