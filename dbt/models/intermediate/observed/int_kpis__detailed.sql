-- Grain: one row per survey answer, routing decision or high-value customer: KPIs with a slice of their own,
-- `detail`: whether the promise was kept; why the recommended warehouse was not taken. An answer counts 1
-- (promoter, 9 and 10), -1 (detractor, 0 to 6) or 0.
{{ config(materialized='view', tags=['lasting']) }}

with answers as (
    select
        surveys.channel,
        surveys.channel_order_id,
        cast(surveys.responded_at as date) as observed_on,
        case
            when promised.is_on_time then 'kept'
            when not promised.is_on_time then 'broken'
            else 'none due'
        end as detail,
        case when surveys.score >= 9 then 1 when surveys.score <= 6 then -1 else 0 end as numerator
    from {{ ref('int_surveys__deduplicated') }} as surveys
    left join {{ ref('int_orders__promised') }} as promised
        on
            surveys.channel = promised.channel
            and surveys.channel_order_id = promised.channel_order_id
),

decisions as (
    select
        channel,
        channel_order_id,
        cast(decided_at as date) as observed_on,
        override_reason_code as detail,
        case when is_overridden then 1 else 0 end as numerator,
        is_overridden is not null as is_input_complete
    from {{ ref('int_routing_decisions__judged') }}
),

final as (
    select
        'nps' as kpi,
        channel,
        channel_order_id,
        observed_on,
        detail,
        numerator,
        1 as denominator,
        true as is_input_complete
    from answers
    union all
    select
        'override_rate' as kpi,
        channel,
        channel_order_id,
        observed_on,
        detail,
        numerator,
        case when is_input_complete then 1 else 0 end as denominator,
        is_input_complete
    from decisions
    union all
    select
        'high_value_lost_rate' as kpi,
        channel,
        channel_order_id,
        cast(promise_due_at as date) as observed_on,
        case when is_on_time then 'kept' else 'broken' end as detail,
        case when is_window_over and not has_ordered_again then 1 else 0 end as numerator,
        case when is_window_over then 1 else 0 end as denominator,
        is_window_over as is_input_complete
    from {{ ref('int_promises__returning') }}
)

select * from final
