-- Grain: one row per (channel, channel_order_id, sku_code) that came back and whose return is not booked, in
-- full or for some time.
-- effect_qty is what it does to counted minus booked while from_at <= counted_at < until_at (null: still).
with returned as (
    select expected.*
    from {{ ref('int_stock_returns__expected') }} as expected
    inner join {{ ref('int_stock_skus__questioned') }} as skus
        on expected.sku_code = skus.sku_code
),

received as (
    select
        channel_order_id,
        sku_code,
        booked_qty as received_qty,
        last_booked_at
    from {{ ref('int_stock_movements__order_refs') }}
    where movement_type = 'sales_return'
),

final as (
    select
        returned.warehouse_code,
        returned.sku_code,
        case
            when coalesce(received.received_qty, 0) < returned.returned_qty
                then returned.returned_qty - coalesce(received.received_qty, 0)
            else returned.returned_qty
        end as effect_qty,
        returned.returned_at as from_at,
        case
            when received.received_qty >= returned.returned_qty then received.last_booked_at
        end as until_at,
        returned.channel_order_id as evidence_id,
        returned.channel as evidence_part
    from returned
    left join received
        on
            returned.channel_order_id = received.channel_order_id
            and returned.sku_code = received.sku_code
    where
        received.received_qty is null
        or received.received_qty < returned.returned_qty
        or received.last_booked_at > returned.returned_at
)

select * from final
