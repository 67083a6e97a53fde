-- Grain: one row per (period, period_start, channel, kpi): the daily counts rolled up over every
-- day, week (from Monday), month and the whole time up to the cut-off, gaps included. A longer
-- period is the ratio of the sums.
with daily as (
    select * from {{ ref('int_kpis__daily') }}
),

bounds as (
    select
        min(observed_on) as first_day,
        cast({{ as_of() }} as date) as last_day
    from daily
),

days as (
    select
        spine.date_day,
        bounds.first_day
    from bounds
    cross join
        {{ date_spine('(select min(observed_on) from daily)', 'cast(' ~ as_of() ~ ' as date)') }}
            as spine
),

calendar as (
    select
        'day' as period,
        date_day as period_start,
        date_day
    from days
    union all
    select
        'week' as period,
        cast(date_trunc('week', date_day) as date) as period_start,
        date_day
    from days
    union all
    select
        'month' as period,
        cast(date_trunc('month', date_day) as date) as period_start,
        date_day
    from days
    union all
    select
        'total' as period,
        first_day as period_start,
        date_day
    from days
),

periods as (
    select
        period,
        period_start,
        max(date_day) as period_end
    from calendar
    group by
        period,
        period_start
),

channels as (
    select distinct channel from daily
),

kpis as (
    select distinct kpi from {{ ref('index_weights') }}
),

counted as (
    select
        calendar.period,
        calendar.period_start,
        daily.channel,
        daily.kpi,
        sum(daily.numerator) as numerator,
        sum(daily.denominator) as denominator,
        sum(daily.complete_count) as complete_count,
        sum(daily.input_count) as input_count
    from daily
    inner join calendar
        on daily.observed_on = calendar.date_day
    group by
        calendar.period,
        calendar.period_start,
        daily.channel,
        daily.kpi
),

final as (
    select
        periods.period,
        periods.period_start,
        periods.period_end,
        channels.channel,
        kpis.kpi,
        cast(coalesce(counted.numerator, 0) as bigint) as numerator,
        cast(coalesce(counted.denominator, 0) as bigint) as denominator,
        cast(coalesce(counted.complete_count, 0) as bigint) as complete_count,
        cast(coalesce(counted.input_count, 0) as bigint) as input_count
    from periods
    cross join channels
    cross join kpis
    left join counted
        on
            periods.period = counted.period
            and periods.period_start = counted.period_start
            and channels.channel = counted.channel
            and kpis.kpi = counted.kpi
)

select * from final
