-- Grain: one row per (kpi, period, period_start, dimension, member) of the parts of the index: the counts of
-- the period beside those of the one before.
with partitioned as (
    select * from {{ ref('int_kpis__partitioned') }}
),

periods as (
    select
        kpi,
        period,
        period_start,
        lead(period_start) over (
            partition by kpi, period
            order by period_start asc nulls last
        ) as next_start
    from {{ ref('int_kpis__valued') }}
    where channel = 'all'
),

sides as (
    select
        kpi,
        period,
        period_start,
        dimension,
        member,
        numerator,
        denominator,
        0 as previous_numerator,
        0 as previous_denominator
    from partitioned
    union all
    select
        partitioned.kpi,
        partitioned.period,
        periods.next_start as period_start,
        partitioned.dimension,
        partitioned.member,
        0 as numerator,
        0 as denominator,
        partitioned.numerator as previous_numerator,
        partitioned.denominator as previous_denominator
    from partitioned
    inner join periods
        on
            partitioned.kpi = periods.kpi
            and partitioned.period = periods.period
            and partitioned.period_start = periods.period_start
    where periods.next_start is not null
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
        cast(sum(previous_numerator) as bigint) as previous_numerator,
        cast(sum(previous_denominator) as bigint) as previous_denominator
    from sides
    group by
        kpi,
        period,
        period_start,
        dimension,
        member
)

select * from final
