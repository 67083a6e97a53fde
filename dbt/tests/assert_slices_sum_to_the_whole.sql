-- Claim: over the members of each dimension, numerators and denominators sum to those of the whole, in every
-- period; and the days of a KPI sum to its whole time. Passes if nothing differs. Left out: the merge rate,
-- whose groups stand under each of their members, and why decisions were overridden, a share of all of them.
-- Hurt else: who adds up what two pages show.
with counted as (
    select
        kpi,
        period,
        period_start,
        dimension,
        numerator,
        denominator
    from {{ ref('rpt_kpis') }}
    where
        kpi <> 'cross_channel_merge_rate'
        and dimension <> 'override_reason'
),

wholes as (
    select * from counted
    where dimension = 'all'
),

sliced as (
    select
        kpi,
        period,
        period_start,
        dimension,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from counted
    where dimension <> 'all'
    group by
        kpi,
        period,
        period_start,
        dimension
),

days as (
    select
        kpi,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from wholes
    where period = 'day'
    group by kpi
)

select
    sliced.kpi,
    sliced.period,
    sliced.period_start,
    sliced.dimension
from sliced
inner join wholes
    on
        sliced.kpi = wholes.kpi
        and sliced.period = wholes.period
        and sliced.period_start = wholes.period_start
where
    sliced.numerator <> wholes.numerator
    or sliced.denominator <> wholes.denominator
union all
select
    days.kpi,
    wholes.period,
    wholes.period_start,
    wholes.dimension
from days
inner join wholes
    on
        days.kpi = wholes.kpi
        and wholes.period = 'total'
where
    days.numerator <> wholes.numerator
    or days.denominator <> wholes.denominator
