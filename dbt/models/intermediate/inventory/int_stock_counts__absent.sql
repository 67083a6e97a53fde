-- Grain: one row per (warehouse_code, sku_code) that a whole stock export of its warehouse no longer
-- shows.
with absent as (
    select
        key_1 as warehouse_text,
        key_2 as sku_code,
        is_absent_since
    from {{ ref('int_rows__absent') }}
    where feed = 'stock_counts'
),

warehouse_names as (
    select * from {{ ref('int_warehouses__names') }}
),

final as (
    select
        coalesce(warehouse_names.warehouse_code, absent.warehouse_text) as warehouse_code,
        absent.sku_code,
        min(absent.is_absent_since) as is_absent_since
    from absent
    left join warehouse_names
        on absent.warehouse_text = warehouse_names.warehouse_text
    group by
        coalesce(warehouse_names.warehouse_code, absent.warehouse_text),
        absent.sku_code
)

select * from final
