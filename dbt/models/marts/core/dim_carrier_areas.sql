-- Grain: one row per (carrier, adcode, service_level, valid_from).
with areas as (
    select * from {{ ref('int_carrier_areas__deduplicated') }}
),

absent as (
    select
        key_1 as carrier,
        key_2 as adcode,
        key_3 as service_level,
        key_4 as valid_from,
        is_absent_since
    from {{ ref('int_rows__absent') }}
    where feed = 'carrier_areas'
),

final as (
    select
        areas.carrier,
        areas.adcode,
        areas.service_level,
        areas.promised_hours,
        areas.valid_from,
        areas.valid_to,
        areas.last_exported_at,
        absent.is_absent_since
    from areas
    left join absent
        on
            areas.carrier = absent.carrier
            and areas.adcode = absent.adcode
            and areas.service_level is not distinct from absent.service_level
            and cast(areas.valid_from as {{ dbt.type_string() }})
            is not distinct from absent.valid_from
)

select * from final
