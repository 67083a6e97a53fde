-- Grain: one row per warehouse_code.
with warehouses as (
    select * from {{ ref('int_warehouses__deduplicated') }}
),

absent as (
    select
        key_1 as warehouse_code,
        is_absent_since
    from {{ ref('int_rows__absent') }}
    where feed = 'warehouses'
),

places as (
    select * from {{ ref('int_places__judged') }}
    where feed = 'warehouses'
),

final as (
    select
        warehouses.warehouse_code,
        warehouses.name,
        warehouses.province,
        warehouses.city,
        warehouses.district,
        places.found_adcode as adcode,
        warehouses.latitude,
        warehouses.longitude,
        places.coordinate_finding,
        warehouses.owner,
        warehouses.extras,
        warehouses.last_exported_at,
        absent.is_absent_since
    from warehouses
    left join absent
        on warehouses.warehouse_code = absent.warehouse_code
    left join places
        on warehouses.warehouse_code = places.place_code
)

select * from final
