-- Grain: one row per division that an order ever went to: adcode: how many carriers take parcels there at the cut-off
-- (carrier_areas, of the division itself, its city or its province), of how many that the areas name at all.
with divisions as (
    select distinct adcode
    from {{ ref('int_coverage__demanded') }}
    where adcode <> 'unknown'
),

areas as (
    select distinct
        carrier,
        adcode
    from {{ ref('int_carrier_areas__deduplicated') }}
    where
        coalesce(valid_from <= {{ as_of() }}, true)
        and coalesce(valid_to > {{ as_of() }}, true)
),

wider as (
    select
        adcode,
        adcode as area_adcode
    from divisions
    union distinct
    select
        adcode,
        substr(adcode, 1, 4) || '00' as area_adcode
    from divisions
    union distinct
    select
        adcode,
        substr(adcode, 1, 2) || '0000' as area_adcode
    from divisions
),

known as (
    select count(distinct carrier) as able_count from areas
),

reached as (
    select
        wider.adcode,
        count(distinct areas.carrier) as resource_count
    from wider
    inner join areas
        on wider.area_adcode = areas.adcode
    group by wider.adcode
),

final as (
    select
        divisions.adcode,
        'parcel' as need,
        coalesce(reached.resource_count, 0) as resource_count,
        known.able_count
    from divisions
    cross join known
    left join reached
        on divisions.adcode = reached.adcode
)

select * from final
