-- Grain: one row per (feed, place_code, valid_from): each warehouse and each version of a resource as
-- it now stands, with its division and what was found of its coordinates.
with warehouses as (
    select
        'warehouses' as feed,
        warehouse_code as place_code,
        cast(null as timestamp) as valid_from,
        'warehouse' as place_type,
        name,
        province,
        city,
        district,
        address,
        cast(null as {{ dbt.type_string() }}) as adcode,
        latitude,
        longitude
    from {{ ref('int_warehouses__deduplicated') }}
),

resources as (
    select
        'resources' as feed,
        resource_code as place_code,
        valid_from,
        resource_type as place_type,
        name,
        cast(null as {{ dbt.type_string() }}) as province,
        cast(null as {{ dbt.type_string() }}) as city,
        cast(null as {{ dbt.type_string() }}) as district,
        cast(null as {{ dbt.type_string() }}) as address,
        adcode,
        latitude,
        longitude
    from {{ ref('int_resources__deduplicated') }}
),

said as (
    select * from warehouses
    union all
    select * from resources
),

judged as (
    select * from {{ ref('stg_places') }}
),

final as (
    select
        said.feed,
        said.place_code,
        said.valid_from,
        said.place_type,
        said.name,
        said.province as province_said,
        judged.found_adcode,
        judged.found_province,
        judged.match_method,
        said.latitude,
        said.longitude,
        judged.coordinate_finding,
        judged.distance_km,
        judged.nearest_adcode,
        judged.suggested_latitude,
        judged.suggested_longitude,
        judged.datum,
        judged.wgs84_latitude,
        judged.wgs84_longitude
    from said
    left join judged
        on
            said.feed = judged.feed
            and said.place_code = judged.place_code
            and said.province is not distinct from judged.province
            and said.city is not distinct from judged.city
            and said.district is not distinct from judged.district
            and said.address is not distinct from judged.address
            and said.adcode is not distinct from judged.adcode
            and said.latitude is not distinct from judged.latitude
            and said.longitude is not distinct from judged.longitude
)

select * from final
