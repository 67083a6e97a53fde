-- Grain: one row per (movement_type, channel_order_id, sku_code) of sales and sales returns: what was booked
-- for the order, of the SKUs in question. One movement may name several orders, joined by commas: it then counts for each.
with movements as (
    select
        movement_type,
        sku_code,
        quantity,
        occurred_at,
        channel_order_id
    from {{ ref('int_stock_movements__questioned') }}
    where
        channel_order_id is not null
        and movement_type in ('sales_out', 'sales_return')
),

named as (
    select
        movement_type,
        sku_code,
        quantity,
        occurred_at,
        {{ explode_list(split_list('channel_order_id', ',')) }} as channel_order_id
    from movements
),

final as (
    select
        movement_type,
        trim(channel_order_id) as channel_order_id,
        sku_code,
        sum(quantity) as booked_qty,
        min(occurred_at) as first_booked_at,
        max(occurred_at) as last_booked_at
    from named
    group by movement_type, trim(channel_order_id), sku_code
)

select * from final
