-- Claim: over the members of each dimension, contributions sum to what the part contributed to the change of
-- the index, as rpt_experience_index has it. Passes if they agree to a billionth of a point, and no change is
-- left unexplained. Does not prove that a member caused its part. Hurt else: who acts on the largest slice.
with summed as (
    select
        kpi,
        period,
        period_start,
        dimension,
        sum(contribution) as contribution
    from {{ ref('rpt_kpi_contributions') }}
    group by
        kpi,
        period,
        period_start,
        dimension
),

changed as (
    select
        kpi,
        period,
        period_start,
        contribution
    from {{ ref('rpt_experience_index') }}
    where
        channel = 'all'
        and kpi <> 'experience_index'
        and contribution is not null
),

dimensions as (
    select distinct dimension from summed
)

select
    changed.*,
    dimensions.dimension,
    summed.contribution as summed_contribution
from changed
cross join dimensions
left join summed
    on
        changed.kpi = summed.kpi
        and changed.period = summed.period
        and changed.period_start = summed.period_start
        and dimensions.dimension = summed.dimension
where coalesce(abs(changed.contribution - summed.contribution) > 0.000000001, true)
