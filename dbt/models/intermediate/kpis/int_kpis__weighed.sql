-- Grain: one row per counted thing and KPI, with what it adds to the numerator, the denominator and the
-- complete inputs. A thing that cannot be judged adds to none of them. Of cross_channel_merge_rate only the
-- coverage stands here: paid orders by the day of payment, complete where their merging could be seen.
{{ config(materialized='view', tags=['lasting']) }}

with observed as (
    select * from {{ ref('int_kpis__observed') }}
    union all
    select * from {{ ref('int_kpis__orders_observed') }}
    union all
    select * from {{ ref('int_kpis__care_observed') }}
),

mergeable as (
    select
        channel,
        channel_order_id
    from {{ ref('int_orders__mergeable') }}
),

final as (
    select
        kpi,
        channel,
        channel_order_id,
        observed_on,
        cast(null as {{ dbt.type_string() }}) as detail,
        case when is_success then 1 else 0 end as numerator,
        case when is_success is not null then 1 else 0 end as denominator,
        case when is_input_complete then 1 else 0 end as complete_count
    from observed
    union all
    select
        kpi,
        channel,
        channel_order_id,
        observed_on,
        detail,
        numerator,
        denominator,
        case when is_input_complete then 1 else 0 end as complete_count
    from {{ ref('int_kpis__detailed') }}
    union all
    select
        'cross_channel_merge_rate' as kpi,
        promised.channel,
        promised.channel_order_id,
        cast(promised.paid_at as date) as observed_on,
        cast(null as {{ dbt.type_string() }}) as detail,
        0 as numerator,
        0 as denominator,
        case when mergeable.channel is not null then 1 else 0 end as complete_count
    from {{ ref('int_orders__promised') }} as promised
    left join mergeable
        on
            promised.channel = mergeable.channel
            and promised.channel_order_id = mergeable.channel_order_id
    union all
    select
        'waiting_anxiety_minutes' as kpi,
        channel,
        channel_order_id,
        cast({{ as_of() }} as date) as observed_on,
        cast(null as {{ dbt.type_string() }}) as detail,
        weighed_minutes as numerator,
        waiting_weight as denominator,
        1 as complete_count
    from {{ ref('int_kpis__waiting') }}
    union all
    select
        'silent_wait_minutes' as kpi,
        channel,
        channel_order_id,
        cast(promise_due_at as date) as observed_on,
        cast(null as {{ dbt.type_string() }}) as detail,
        silent_minutes as numerator,
        1 as denominator,
        case when next_seen_at is not null then 1 else 0 end as complete_count
    from {{ ref('int_promises__silence') }}
    union all
    select
        kpi,
        channel,
        channel_order_id,
        observed_on,
        cast(null as {{ dbt.type_string() }}) as detail,
        coalesce(fen, 0) as numerator,
        case when fen is not null then 1 else 0 end as denominator,
        case when fen is not null then 1 else 0 end as complete_count
    from {{ ref('int_kpis__amounts') }}
)

select * from final
