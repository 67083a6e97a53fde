-- Grain: one row per (carrier, adcode, service_level, valid_from).
with areas as (
    select * from {{ ref('int_carrier_areas__deduplicated') }}
),

final as (
    select
        carrier,
        adcode,
        service_level,
        promised_hours,
        valid_from,
        valid_to,
        last_exported_at
    from areas
)

select * from final
