-- Grain: one row per survey answer or routing decision: KPIs with a slice of their own, `detail`: whether the
-- promise was kept; why the recommended warehouse was not taken. An answer counts 1 (promoter, 9 and 10),
-- -1 (detractor, 0 to 6) or 0.
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
        case
            when assigned_warehouse is null or recommended_warehouse is null then 'undecided'
            when assigned_warehouse = recommended_warehouse then 'none'
            else coalesce(override_reason, 'no reason given')
        end as detail,
        case when assigned_warehouse <> recommended_warehouse then 1 else 0 end as numerator,
        assigned_warehouse is not null and recommended_warehouse is not null as is_input_complete
    from {{ ref('int_routing_decisions__deduplicated') }}
    where decided_at <= {{ as_of() }}
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
)

select * from final
