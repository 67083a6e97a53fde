-- Grain: one row per (period, period_start, channel, kpi). Rates do not add up; use numerator and
-- denominator. The index of a period needs all five parts; it is never reweighted: null with status
-- `incomplete n/5`.
with parts as (
    select * from {{ ref('int_kpis__valued') }}
),

index_rows as (
    select
        period,
        period_start,
        max(period_end) as period_end,
        channel,
        'experience_index' as kpi,
        cast(count(value) as bigint) as numerator,
        cast(count(*) as bigint) as denominator,
        case when count(value) = count(*) then 100 * {{ exact_sum('weight * value') }} end as value,
        {{ exact_sum('weight') }} as weight,
        100 * {{ exact_sum('weight * target') }} as target,
        case
            when sum(weight) > 0
                then
                    {{ exact_sum('weight * coalesce(coverage, 0)') }} / {{ exact_sum('weight') }}
        end as coverage,
        case
            when count(value) < count(*)
                then
                    'incomplete ' || cast(count(value) as {{ dbt.type_string() }})
                    || '/' || cast(count(*) as {{ dbt.type_string() }})
            when count_if(status = 'small_sample') > 0 then 'small_sample'
            else 'ok'
        end as status
    from parts
    group by
        period,
        period_start,
        channel
),

all_rows as (
    select
        period,
        period_start,
        period_end,
        channel,
        kpi,
        numerator,
        denominator,
        value,
        weight,
        target,
        coverage,
        status
    from parts
    union all
    select
        period,
        period_start,
        period_end,
        channel,
        kpi,
        numerator,
        denominator,
        value,
        weight,
        target,
        coverage,
        status
    from index_rows
),

compared as (
    select
        *,
        lag(value) over (
            partition by period, channel, kpi
            order by period_start asc nulls last
        ) as previous_value
    from all_rows
),

final as (
    select
        cast(period as {{ dbt.type_string() }}) as period,
        period_start,
        period_end,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(kpi as {{ dbt.type_string() }}) as kpi,
        numerator,
        denominator,
        value,
        previous_value,
        weight,
        case
            when kpi = 'experience_index' then value - previous_value
            else 100 * weight * (value - previous_value)
        end as contribution,
        target,
        coverage,
        cast(status as {{ dbt.type_string() }}) as status
    from compared
)

select * from final
