-- Grain: one row per movement that repeats another of the same warehouse, SKU, type and quantity on the
-- same document (without one: at the same second). Such repeats may be real: they count in the book, and
-- explain a variance only where the shelf lacks just them.
-- effect_qty is what it does to counted minus booked while from_at <= counted_at < until_at (null: still).

with movements as (
    select
        warehouse_code,
        sku_code,
        movement_type,
        quantity,
        occurred_at,
        first_exported_at,
        movement_id,
        line_key,
        coalesce(
            document_no, channel_order_id, cast(occurred_at as {{ dbt.type_string() }})
        ) as document_key
    from {{ ref('int_stock_movements__questioned') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by warehouse_code, sku_code, movement_type, quantity, document_key
            order by
                occurred_at asc nulls last,
                first_exported_at asc nulls last,
                movement_id asc nulls last,
                line_key asc nulls last
        ) as copy_no
    from movements
),

final as (
    select
        warehouse_code,
        sku_code,
        -quantity as effect_qty,
        occurred_at as from_at,
        cast(null as timestamp) as until_at,
        movement_id as evidence_id,
        line_key as evidence_part
    from numbered
    where copy_no > 1
)

select * from final
