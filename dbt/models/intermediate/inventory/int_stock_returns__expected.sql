-- Grain: one row per (channel, channel_order_id, sku_code) that was shipped and came back.
-- A case without a line means all lines of its order. Where no export says when the goods came back, those
-- of a refunded return were back by the refund.
with types as (
    select aftersale_type
    from {{ ref('aftersale_types') }}
    where is_return
),

cases as (
    select
        aftersales.channel,
        aftersales.channel_order_id,
        aftersales.channel_line_id,
        coalesce(
            aftersales.returned_at,
            case when types.aftersale_type is not null then aftersales.refunded_at end
        ) as returned_at
    from {{ ref('int_aftersales__deduplicated') }} as aftersales
    left join types
        on aftersales.aftersale_type = types.aftersale_type
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
        shipped_at is not null
        and sku_code is not null
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
    where cases.returned_at is not null
    group by
        lines.channel,
        lines.channel_order_id,
        lines.channel_line_id,
        lines.sku_code,
        lines.quantity,
        lines.warehouse_code
),

final as (
    select
        line_returns.channel,
        line_returns.channel_order_id,
        line_returns.sku_code,
        min(coalesce(warehouse_names.warehouse_code, line_returns.warehouse_code))
            as warehouse_code,
        sum(line_returns.quantity) as returned_qty,
        min(line_returns.returned_at) as returned_at
    from line_returns
    left join warehouse_names
        on line_returns.warehouse_code = warehouse_names.warehouse_text
    group by line_returns.channel, line_returns.channel_order_id, line_returns.sku_code
)

select * from final
