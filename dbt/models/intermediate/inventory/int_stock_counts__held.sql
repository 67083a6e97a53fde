-- Grain: one row per (warehouse_code, sku_code) that was ever counted: what its newest counts say is locked and
-- is defective. A count that does not say it (a physical one, mostly) leaves the one before it standing.
with counts as (
    select
        warehouse_code,
        sku_code,
        locked_qty,
        defective_qty,
        row_number() over (
            partition by warehouse_code, sku_code
            order by counted_at asc nulls last, count_type asc nulls last
        ) as count_no
    from {{ ref('int_stock_counts__standing') }}
),

final as (
    select
        warehouse_code,
        sku_code,
        {{ value_of_newest('locked_qty', 'count_no') }}
        filter (where locked_qty is not null) as locked_qty,
        {{ value_of_newest('defective_qty', 'count_no') }}
        filter (where defective_qty is not null) as defective_qty
    from counts
    group by warehouse_code, sku_code
)

select * from final
