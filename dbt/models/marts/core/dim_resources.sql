-- Grain: one row per (resource_code, valid_from). Join on the code where is_current, else on a time within.
with resources as (
    select * from {{ ref('int_resources__deduplicated') }}
),

standing as (
    select
        *,
        row_number() over (
            partition by resource_code
            order by
                case
                    when
                        (valid_from is null or valid_from <= {{ as_of() }})
                        and (valid_to is null or valid_to > {{ as_of() }})
                        then 0
                    else 1
                end asc nulls last,
                valid_from desc nulls last
        ) as standing_no
    from resources
),

final as (
    select
        resource_code,
        resource_type,
        name,
        adcode,
        latitude,
        longitude,
        service_radius_km,
        skills,
        temperature_zones,
        capacity_per_day,
        valid_from,
        valid_to,
        standing_no = 1
        and (valid_from is null or valid_from <= {{ as_of() }})
        and (valid_to is null or valid_to > {{ as_of() }}) as is_current,
        last_exported_at
    from standing
)

select * from final
