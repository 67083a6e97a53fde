-- Grain: one row per (kpi, channel, observed_on), `all` included. Additive over days; over channels
-- only where no order stands under two of them (not for cross_channel_merge_rate).
with observed as (
    select * from {{ ref('int_kpis__observed') }}
),

merges as (
    select * from {{ ref('int_kpis__merges_observed') }}
),

merge_coverage as (
    select * from {{ ref('int_kpis__merge_coverage') }}
),

counted as (
    select
        kpi,
        coalesce(channel, 'all') as channel,
        observed_on,
        count_if(is_success) as numerator,
        count(*) as denominator,
        count_if(is_input_complete) as complete_count,
        count(*) as input_count
    from observed
    group by grouping sets ((kpi, channel, observed_on), (kpi, observed_on))
),

merge_counted as (
    select
        'cross_channel_merge_rate' as kpi,
        coalesce(merges.channel, merge_coverage.channel) as channel,
        coalesce(merges.observed_on, merge_coverage.observed_on) as observed_on,
        coalesce(merges.numerator, 0) as numerator,
        coalesce(merges.denominator, 0) as denominator,
        coalesce(merge_coverage.complete_count, 0) as complete_count,
        coalesce(merge_coverage.input_count, 0) as input_count
    from merges
    full outer join merge_coverage
        on
            merges.channel = merge_coverage.channel
            and merges.observed_on = merge_coverage.observed_on
),

final as (
    select * from counted
    union all
    select * from merge_counted
)

select
    kpi,
    channel,
    observed_on,
    cast(numerator as bigint) as numerator,
    cast(denominator as bigint) as denominator,
    cast(complete_count as bigint) as complete_count,
    cast(input_count as bigint) as input_count
from final
