-- Grain: one row per version of a resource: (resource_code, in_force_from): what it can do and where it
-- is, from when (included) to when (excluded); versions that overlap end where the next begins. Its
-- point is what the files say where nothing is wrong with it, else what is suggested in its place, else
-- that of the warehouse of its code.
{% set beginning = "cast('1970-01-01 00:00:00' as timestamp)" %}
{% set for_ever = "cast('9999-12-31 00:00:00' as timestamp)" %}
with points as (
    select
        feed,
        place_code,
        valid_from,
        found_adcode,
        coalesce(
            wgs84_latitude,
            case when coordinate_finding is null then latitude else suggested_latitude end
        ) as latitude,
        coalesce(
            wgs84_longitude,
            case when coordinate_finding is null then longitude else suggested_longitude end
        ) as longitude
    from {{ ref('int_places__judged') }}
),

resources as (
    select
        resource_code,
        resource_type,
        name,
        service_radius_km,
        skills,
        temperature_zones,
        capacity_per_day,
        valid_from,
        valid_to
    from {{ ref('int_resources__deduplicated') }}
),

-- A warehouse that no resource describes is a place all the same.
described as (
    select * from resources
    union all
    select
        bare.warehouse_code as resource_code,
        'warehouse' as resource_type,
        bare.name,
        cast(null as double) as service_radius_km,
        cast(null as {{ dbt.type_string() }}) as skills,
        cast(null as {{ dbt.type_string() }}) as temperature_zones,
        cast(null as bigint) as capacity_per_day,
        cast(null as timestamp) as valid_from,
        cast(null as timestamp) as valid_to
    from {{ ref('int_warehouses__deduplicated') }} as bare
    left join resources
        on bare.warehouse_code = resources.resource_code
    where resources.resource_code is null
),

final as (
    select
        described.resource_code,
        described.resource_type,
        described.name,
        coalesce(own.found_adcode, stores.found_adcode) as adcode,
        coalesce(own.latitude, stores.latitude) as latitude,
        coalesce(own.longitude, stores.longitude) as longitude,
        described.service_radius_km,
        described.skills,
        described.temperature_zones,
        described.capacity_per_day,
        described.valid_from,
        coalesce(described.valid_from, {{ beginning }}) as in_force_from,
        least(
            coalesce(described.valid_to, {{ for_ever }}),
            coalesce(
                lead(described.valid_from) over (
                    partition by described.resource_code
                    order by coalesce(described.valid_from, {{ beginning }}) asc nulls last
                ),
                {{ for_ever }}
            )
        ) as in_force_until
    from described
    left join points as own
        on
            own.feed = 'resources'
            and described.resource_code = own.place_code
            and described.valid_from is not distinct from own.valid_from
    left join points as stores
        on
            stores.feed = 'warehouses'
            and described.resource_code = stores.place_code
)

select * from final
