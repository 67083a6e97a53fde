-- Grain: one row per (period, period_start, channel, kpi): the parts of the index over every day, week (from
-- Monday), month and the whole time up to the cut-off, gaps included. A longer period is the ratio of the
-- sums.
with rolled as (
    select
        kpi,
        period,
        period_start,
        member as channel,
        numerator,
        denominator,
        complete_count,
        input_count
    from {{ ref('int_kpis__rolled') }}
    where dimension in ('all', 'channel')
),

span as (
    select * from {{ ref('int_kpis__span') }}
),

days as (
    select spine.date_day as observed_on
    from {{ date_spine(
        "(select first_day from span)", "(select last_day from span)"
    ) }} as spine
),

periods as (
    {{ rolled_up('days', [], [[]], ['observed_on'], ['max(observed_on) as period_end']) }}
),

kpis as (
    select distinct kpi from {{ ref('index_weights') }}
),

channels as (
    select distinct rolled.channel
    from rolled
    inner join kpis
        on rolled.kpi = kpis.kpi
),

final as (
    select
        periods.period,
        periods.period_start,
        periods.period_end,
        channels.channel,
        kpis.kpi,
        coalesce(rolled.numerator, 0) as numerator,
        coalesce(rolled.denominator, 0) as denominator,
        coalesce(rolled.complete_count, 0) as complete_count,
        coalesce(rolled.input_count, 0) as input_count
    from periods
    cross join channels
    cross join kpis
    left join rolled
        on
            periods.period = rolled.period
            and periods.period_start = rolled.period_start
            and channels.channel = rolled.channel
            and kpis.kpi = rolled.kpi
)

select * from final
