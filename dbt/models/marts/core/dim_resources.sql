-- Grain: one row per (resource_code, valid_from). Join on the code where is_current, else on a time within.
-- A version that the whole export no longer shows is not current.
with resources as (
    select * from {{ ref('int_resources__deduplicated') }}
),

absent as (
    select
        key_1 as resource_code,
        key_2 as valid_from,
        is_absent_since
    from {{ ref('int_rows__absent') }}
    where feed = 'resources'
),

marked as (
    select
        resources.*,
        absent.is_absent_since,
        absent.resource_code is null
        and (resources.valid_from is null or resources.valid_from <= {{ as_of() }})
        and (resources.valid_to is null or resources.valid_to > {{ as_of() }}) as is_valid
    from resources
    left join absent
        on
            resources.resource_code = absent.resource_code
            and cast(resources.valid_from as {{ dbt.type_string() }})
            is not distinct from absent.valid_from
),

standing as (
    select
        *,
        row_number() over (
            partition by resource_code
            order by
                case when is_valid then 0 else 1 end asc nulls last,
                valid_from desc nulls last
        ) as standing_no
    from marked
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
        standing_no = 1 and is_valid as is_current,
        last_exported_at,
        is_absent_since
    from standing
)

select * from final
