-- Grain: one row per warehouse_code.
with warehouses as (
    select * from {{ ref('int_warehouses__deduplicated') }}
),

final as (
    select
        warehouse_code,
        name,
        province,
        city,
        district,
        latitude,
        longitude,
        owner,
        extras,
        last_exported_at
    from warehouses
)

select * from final
