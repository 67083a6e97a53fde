-- Grain: one row per (kpi, period, period_start, dimension, member) with something to count: every KPI over
-- all periods and slices. Counts add up over days; over members only where nothing stands under two.
{% set dimensions = ['channel', 'warehouse', 'province', 'customer_tier', 'detail'] %}
{% set counts = ['numerator', 'denominator', 'complete_count', 'input_count'] %}
{% set sums = [
    'sum(numerator) as numerator', 'sum(denominator) as denominator',
    'sum(complete_count) as complete_count', 'sum(input_count) as input_count',
] %}
with counted as (
    select * from {{ ref('int_kpis__counted') }}
),

scopes as (
    select * from {{ ref('int_kpis__merge_scopes') }}
),

rolled as (
    {{ rolled_up('counted', ['kpi'], single_slices(dimensions), counts, sums) }}
),

merges as (
    {{ rolled_up('scopes', ['dimension', 'member'], [[]], counts[:2], sums[:2]) }}
),

joined as (
    select
        kpi,
        period,
        period_start,
        {{ slice_dimension(dimensions) }} as dimension,
        {{ slice_member(dimensions) }} as member,
        numerator,
        denominator,
        complete_count,
        input_count
    from rolled
    union all
    select
        'cross_channel_merge_rate' as kpi,
        period,
        period_start,
        dimension,
        member,
        numerator,
        denominator,
        0 as complete_count,
        0 as input_count
    from merges
),

final as (
    select
        kpi,
        period,
        period_start,
        dimension,
        member,
        cast(sum(numerator) as bigint) as numerator,
        cast(sum(denominator) as bigint) as denominator,
        cast(sum(complete_count) as bigint) as complete_count,
        cast(sum(input_count) as bigint) as input_count
    from joined
    group by
        kpi,
        period,
        period_start,
        dimension,
        member
)

select * from final
