-- Grain: one row per (channel, channel_order_id, sku_code) that came back and whose return is not booked, in
-- full or for some time. A case without a line means all lines of its order.
-- effect_qty is what it does to counted minus booked while from_at <= counted_at < until_at (null: still).

with cases as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        returned_at
    from {{ ref('int_aftersales__deduplicated') }}
    where returned_at is not null
),

lines as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        sku_code,
        quantity,
        warehouse_code
    from {{ ref('int_orders__lines') }}
    where
        sku_code is not null
        and quantity > 0
),

warehouse_names as (
    select * from {{ ref('int_warehouses__names') }}
),

line_returns as (
    select
        lines.channel,
        lines.channel_order_id,
        lines.channel_line_id,
        lines.sku_code,
        lines.quantity,
        lines.warehouse_code,
        min(cases.returned_at) as returned_at
    from lines
    inner join cases
        on
            lines.channel = cases.channel
            and lines.channel_order_id = cases.channel_order_id
            and (cases.channel_line_id is null or lines.channel_line_id = cases.channel_line_id)
    group by
        lines.channel,
        lines.channel_order_id,
        lines.channel_line_id,
        lines.sku_code,
        lines.quantity,
        lines.warehouse_code
),

returned as (
    select
        line_returns.channel,
        line_returns.channel_order_id,
        line_returns.sku_code,
        min(coalesce(warehouse_names.warehouse_code, line_returns.warehouse_code)) as warehouse_code,
        sum(line_returns.quantity) as returned_qty,
        min(line_returns.returned_at) as returned_at
    from line_returns
    left join warehouse_names
        on line_returns.warehouse_code = warehouse_names.warehouse_text
    group by line_returns.channel, line_returns.channel_order_id, line_returns.sku_code
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
        case when received.received_qty >= returned.returned_qty then received.last_booked_at end as until_at
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
