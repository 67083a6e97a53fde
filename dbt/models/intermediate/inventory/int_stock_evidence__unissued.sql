-- Grain: one row per (channel, channel_order_id, sku_code) that has been shipped and whose sales issue is not
-- booked, in full or for some time, of the SKUs in question; what was cancelled after it left has left, too. Only orders shipped
-- since the ledger has named orders are judged.
-- effect_qty is what it does to counted minus booked while from_at <= counted_at < until_at (null: still).

with lines as (
    select
        order_lines.channel,
        order_lines.channel_order_id,
        order_lines.sku_code,
        order_lines.quantity,
        order_lines.shipped_at,
        order_lines.warehouse_code
    from {{ ref('int_orders__lines') }} as order_lines
    inner join {{ ref('int_stock_skus__questioned') }} as skus
        on order_lines.sku_code = skus.sku_code
    where
        order_lines.shipped_at is not null
        and order_lines.quantity > 0
),

warehouse_names as (
    select * from {{ ref('int_warehouses__names') }}
),

shipped as (
    select
        lines.channel,
        lines.channel_order_id,
        lines.sku_code,
        min(coalesce(warehouse_names.warehouse_code, lines.warehouse_code)) as warehouse_code,
        sum(lines.quantity) as shipped_qty,
        min(lines.shipped_at) as shipped_at
    from lines
    left join warehouse_names
        on lines.warehouse_code = warehouse_names.warehouse_text
    group by lines.channel, lines.channel_order_id, lines.sku_code
),

issued as (
    select
        channel_order_id,
        sku_code,
        -booked_qty as issued_qty,
        first_booked_at,
        last_booked_at
    from {{ ref('int_stock_movements__order_refs') }}
    where movement_type = 'sales_out'
),

ledger as (
    select min(first_issue_at) as began_at
    from {{ ref('int_stock_movements__exports') }}
),

final as (
    select
        shipped.warehouse_code,
        shipped.sku_code,
        case
            when coalesce(issued.issued_qty, 0) < shipped.shipped_qty
                then coalesce(issued.issued_qty, 0) - shipped.shipped_qty
            else -shipped.shipped_qty
        end as effect_qty,
        shipped.shipped_at as from_at,
        case
            when issued.issued_qty >= shipped.shipped_qty then issued.last_booked_at
        end as until_at,
        shipped.channel_order_id as evidence_id,
        shipped.channel as evidence_part
    from shipped
    inner join ledger
        on shipped.shipped_at >= ledger.began_at
    left join issued
        on
            shipped.channel_order_id = issued.channel_order_id
            and shipped.sku_code = issued.sku_code
    where
        issued.issued_qty is null
        or issued.issued_qty < shipped.shipped_qty
        or issued.last_booked_at > shipped.shipped_at
)

select * from final
