{#- Passes if every count has exactly one row in the reconciliation: none lost, none fanned out by skus,
    warehouses or evidence. Does not judge the cause. Hurt: inventory control, who would settle one twice. -#}
with counts as (
    select
        warehouse_code,
        sku_code,
        counted_at,
        count_type
    from {{ ref('int_stock_counts__standing') }}
    union all
    select
        warehouse_code,
        sku_code,
        counted_at,
        count_type
    from {{ ref('fct_inventory_reconciliation') }}
)

select
    warehouse_code,
    sku_code,
    counted_at,
    count_type,
    count(*) as row_count
from counts
group by warehouse_code, sku_code, counted_at, count_type
having count(*) <> 2
