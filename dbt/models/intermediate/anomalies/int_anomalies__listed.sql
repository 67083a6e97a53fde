-- Grain: one row per anomaly_id: those that the rate counts, and those beside it.
with rated as (
    select * from {{ ref('int_anomalies__unioned') }}
),

beside as (
    select * from {{ ref('int_anomalies__beside') }}
),

final as (
    select
        anomaly_id,
        channel,
        channel_order_id,
        event_code,
        detected_at,
        resolved_at,
        resolution,
        owner_role,
        is_derived,
        is_due,
        is_resolved_2h,
        true as is_in_rate
    from rated
    union all
    select
        'derived-' || event_code || '-' || channel || '-' || channel_order_id as anomaly_id,
        channel,
        channel_order_id,
        event_code,
        detected_at,
        resolved_at,
        cast(null as {{ dbt.type_string() }}) as resolution,
        cast(null as {{ dbt.type_string() }}) as owner_role,
        true as is_derived,
        false as is_due,
        resolved_at is not null
        and resolved_at <= {{ add_hours('detected_at', 2) }} as is_resolved_2h,
        false as is_in_rate
    from beside
)

select * from final
