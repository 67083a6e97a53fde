-- Grain: one row per resource and day on which it reported: (resource_code, load_date): its load, and whether its
-- last report called it available. A report is late past the seconds of lag_limits (`rider_position`), whoever
-- sends it.
with limits as (
    select limit_seconds
    from {{ ref('lag_limits') }}
    where lag_kind = 'rider_position'
),

statuses as (
    select
        resource_code,
        cast(observed_at as date) as load_date,
        observed_at,
        load,
        case
            when lower(trim(available)) in ('true', 't', '1', 'yes', 'y', '是') then true
            when lower(trim(available)) in ('false', 'f', '0', 'no', 'n', '否') then false
        end as is_available,
        cast({{ seconds_between('observed_at', known_at_cut_off('received_at')) }} as double)
            as lag_seconds
    from {{ ref('int_resource_status__deduplicated') }}
),

final as (
    select
        statuses.resource_code,
        statuses.load_date,
        count(*) as report_count,
        {{ percentiles('statuses.load', [0.5]) }} as load_at,
        max(statuses.load) as peak_load,
        {{ value_of_newest('statuses.is_available', 'statuses.observed_at') }} as is_available,
        count(case when not statuses.is_available then 1 end) as unavailable_report_count,
        max(statuses.observed_at) as last_observed_at,
        count(case when statuses.lag_seconds > limits.limit_seconds then 1 end)
            as late_report_count,
        {{ percentiles('statuses.lag_seconds', [0.95]) }} as lag_at
    from statuses
    cross join limits
    group by
        statuses.resource_code,
        statuses.load_date
)

select * from final
