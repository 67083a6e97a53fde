-- Grain: one row per division and need that any resource of the cut-off can serve at all: (adcode, need): how many
-- reach it, how many of them cannot be placed, and the nearest, by `reach` of resource_needs: `anywhere`: within its
-- radius, if it says one; `city`: of the same city (the first four digits) and within its radius; `radius`: within
-- its radius, else of the same city. Distances are from its point, else the centre of its own division, to the centre
-- of the other.
with asked as (
    select distinct
        adcode,
        need
    from {{ ref('int_coverage__demanded') }}
    where adcode <> 'unknown'
),

centres as (
    select * from {{ ref('stg_divisions') }}
),

resources as (
    select resources.*
    from {{ ref('int_resources__placed') }} as resources
    left join {{ ref('int_rows__absent') }} as absent
        on
            absent.feed = 'resources'
            and resources.resource_code = absent.key_1
            and cast(resources.valid_from as {{ dbt.type_string() }})
            is not distinct from absent.key_2
    where
        absent.key_1 is null
        and resources.in_force_from <= {{ as_of() }}
        and resources.in_force_until > {{ as_of() }}
),

rules as (
    select * from {{ ref('resource_needs') }}
    where cast({{ as_of() }} as date) between valid_from and valid_to
),

able as (
    select
        rules.need,
        rules.reach,
        resources.resource_code,
        resources.adcode,
        resources.service_radius_km,
        resources.capacity_per_day,
        coalesce(resources.latitude, homes.latitude) as latitude,
        coalesce(resources.longitude, homes.longitude) as longitude
    from resources
    left join centres as homes
        on resources.adcode = homes.adcode
    inner join rules
        on
            resources.resource_type = rules.resource_type
            and coalesce(
                {{ lists_word('resources.temperature_zones', 'rules.temperature_zone') }}, true
            )
            and coalesce({{ lists_word('resources.skills', 'rules.skill') }}, true)
),

measured as (
    select
        asked.adcode,
        asked.need,
        able.resource_code,
        able.capacity_per_day,
        able.reach,
        able.service_radius_km,
        substr(asked.adcode, 1, 4) = substr(able.adcode, 1, 4) as is_same_city,
        {{ kilometres_between(
            'able.latitude', 'able.longitude', 'centres.latitude', 'centres.longitude'
        ) }} as distance_km
    from asked
    inner join able
        on asked.need = able.need
    left join centres
        on asked.adcode = centres.adcode
),

judged as (
    select
        *,
        case
            when reach = 'anywhere' and service_radius_km is null then true
            when reach = 'radius' and service_radius_km is null then is_same_city
            when reach = 'city' and service_radius_km is null then is_same_city
            when reach = 'city' then is_same_city and distance_km <= service_radius_km
            else distance_km <= service_radius_km
        end as is_serving,
        lpad(cast(cast(round(1000 * distance_km) as bigint) as {{ dbt.type_string() }}), 9, '0')
        || ' '
        || resource_code as nearness
    from measured
),

final as (
    select
        adcode,
        need,
        count(*) as able_count,
        count(case when is_serving then 1 end) as resource_count,
        count_if(is_serving is null) as unplaced_count,
        sum(case when is_serving then capacity_per_day end) as capacity_per_day,
        min(case when is_serving then nearness end) as nearest_serving,
        min(nearness) as nearest_able
    from judged
    group by
        adcode,
        need
)

select * from final
