-- Grain: one row per (kpi, observed_on, warehouse_code, owner), by the day of payment: paid order lines that
-- were found oversold and cancelled, among all paid lines. Additive. Complete is a line whose SKU is known.
with order_lines as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        sku_code,
        warehouse_code
    from {{ ref('int_orders__lines') }}
),

orders as (
    select
        channel,
        channel_order_id,
        paid_at
    from {{ ref('int_orders__timed') }}
    where paid_at is not null
),

oversold as (
    select
        channel,
        channel_order_id,
        channel_line_id
    from {{ ref('int_oversells__short_lines') }}
    where
        is_oversell_detected
        and is_cancelled
),

skus as (
    select
        sku_code,
        owner
    from {{ ref('int_skus__deduplicated') }}
),

warehouses as (
    select
        spellings.warehouse_text,
        spellings.warehouse_code,
        owners.owner
    from {{ ref('int_warehouses__names') }} as spellings
    left join {{ ref('int_warehouses__deduplicated') }} as owners
        on spellings.warehouse_code = owners.warehouse_code
),

final as (
    select
        'oversell_rate' as kpi,
        cast(orders.paid_at as date) as observed_on,
        coalesce(warehouses.warehouse_code, order_lines.warehouse_code, 'unknown')
            as warehouse_code,
        coalesce(warehouses.owner, skus.owner, 'nobody') as owner,
        cast(count(oversold.channel_line_id) as decimal(38, 3)) as numerator,
        cast(count(*) as decimal(38, 3)) as denominator,
        count(skus.sku_code) as complete_count,
        count(*) as input_count
    from order_lines
    inner join orders
        on
            order_lines.channel = orders.channel
            and order_lines.channel_order_id = orders.channel_order_id
    left join oversold
        on
            order_lines.channel = oversold.channel
            and order_lines.channel_order_id = oversold.channel_order_id
            and order_lines.channel_line_id = oversold.channel_line_id
    left join skus
        on order_lines.sku_code = skus.sku_code
    left join warehouses
        on order_lines.warehouse_code = warehouses.warehouse_text
    group by
        cast(orders.paid_at as date),
        coalesce(warehouses.warehouse_code, order_lines.warehouse_code, 'unknown'),
        coalesce(warehouses.owner, skus.owner, 'nobody')
)

select * from final
