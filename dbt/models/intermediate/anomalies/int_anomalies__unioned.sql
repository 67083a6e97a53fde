-- Grain: one row per anomaly: a case of the merchant (case_id), or one that the warehouse noticed
-- where no case of the same order and code exists.
with cases as (
    select
        case_id as anomaly_id,
        channel,
        channel_order_id,
        event_code,
        detected_at,
        {{ known_at_cut_off('resolved_at') }} as resolved_at,
        resolution,
        owner_role,
        false as is_derived
    from {{ ref('int_anomaly_cases__deduplicated') }}
),

derived as (
    select * from {{ ref('int_anomalies__derived') }}
),

cased as (
    select distinct
        channel,
        channel_order_id,
        event_code
    from cases
),

uncased as (
    select
        'derived-'
        || derived.event_code
        || '-'
        || derived.channel
        || '-'
        || derived.channel_order_id as anomaly_id,
        derived.channel,
        derived.channel_order_id,
        derived.event_code,
        derived.detected_at,
        derived.resolved_at,
        cast(null as {{ dbt.type_string() }}) as resolution,
        cast(null as {{ dbt.type_string() }}) as owner_role,
        true as is_derived
    from derived
    left join cased
        on
            derived.channel = cased.channel
            and derived.channel_order_id = cased.channel_order_id
            and derived.event_code = cased.event_code
    where cased.channel is null
),

unioned as (
    select * from cases
    union all
    select * from uncased
),

final as (
    select
        *,
        {{ add_hours('detected_at', 2) }} <= {{ as_of() }} as is_due,
        resolved_at is not null
        and resolved_at <= {{ add_hours('detected_at', 2) }} as is_resolved_2h
    from unioned
)

select * from final
