-- Grain: one row per (rule_code, entity, record_key): warehouses and resources without a division, whose
-- coordinates cannot be theirs, or whose province is not written as it is called. Riders and the like move: no
-- place is asked of them.
with places as (
    select
        *,
        case
            when feed = 'warehouses' then 'warehouse'
            when place_type = 'store' then 'store'
            else 'resource'
        end as entity,
        place_code || coalesce('@' || cast(valid_from as {{ dbt.type_string() }}), '')
            as record_key,
        feed = 'warehouses' or place_type in ('warehouse', 'store') as is_fixed
    from {{ ref('int_places__judged') }}
),

unplaced as (
    select
        'place_unplaced' as rule_code,
        entity,
        record_key,
        place_code,
        found_adcode as adcode,
        match_method as detail,
        cast(null as {{ dbt.type_string() }}) as suggestion
    from places
    where
        found_adcode is null
        and is_fixed
),

misplaced as (
    select
        'place_coordinates_' || coordinate_finding as rule_code,
        entity,
        record_key,
        place_code,
        found_adcode as adcode,
        case
            when distance_km is not null
                then
                    cast(distance_km as {{ dbt.type_string() }})
                    || ' km, '
                    || coalesce(nearest_adcode, '?')
        end as detail,
        {{ point('suggested_latitude', 'suggested_longitude') }} as suggestion
    from places
    where
        coordinate_finding is not null
        and (coordinate_finding <> 'missing' or is_fixed)
),

shifted as (
    select
        'place_coordinates_datum' as rule_code,
        entity,
        record_key,
        place_code,
        found_adcode as adcode,
        datum as detail,
        {{ point('wgs84_latitude', 'wgs84_longitude') }} as suggestion
    from places
    where datum is not null
),

spelt as (
    select
        'place_province_spelling' as rule_code,
        entity,
        record_key,
        place_code,
        found_adcode as adcode,
        province_said as detail,
        found_province as suggestion
    from places
    where
        feed = 'warehouses'
        and found_province is not null
        and province_said is distinct from found_province
),

final as (
    select * from unplaced
    union all
    select * from misplaced
    union all
    select * from shifted
    union all
    select * from spelt
)

select * from final
