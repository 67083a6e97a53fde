-- Grain: one row per text that names a warehouse: its code, else its exact name where one code bears it.
with warehouses as (
    select
        warehouse_code,
        name
    from {{ ref('int_warehouses__deduplicated') }}
),

names as (
    select
        name as warehouse_text,
        min(warehouse_code) as warehouse_code
    from warehouses
    where name is not null
    group by name
    having count(*) = 1
),

final as (
    select
        warehouse_code as warehouse_text,
        warehouse_code
    from warehouses
    union all
    select
        names.warehouse_text,
        names.warehouse_code
    from names
    left join warehouses
        on names.warehouse_text = warehouses.warehouse_code
    where warehouses.warehouse_code is null
)

select * from final
