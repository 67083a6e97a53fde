-- Grain: one row per (kpi, period, period_start, dimension, member) of the parts of the index, where this and
-- the period before both have a population. Points of the index: within one dimension they sum to the part's
-- contribution to its change, without a rest. The rate effect is the member's own change at its share of
-- today; the mix effect its change of share, by how far its rate of before lay from the whole's. A member that
-- is new has the whole's rate of before.
with compared as (
    select * from {{ ref('int_kpis__compared') }}
),

weights as (
    select
        kpi,
        period,
        period_start,
        weight
    from {{ ref('int_kpis__valued') }}
    where channel = 'all'
),

shared as (
    select
        slices.*,
        {{ ratio('slices.numerator', 'slices.denominator') }} as value,
        {{ ratio('slices.previous_numerator', 'slices.previous_denominator') }} as previous_value,
        {{ ratio('slices.denominator', 'wholes.denominator') }} as share_now,
        {{ ratio('slices.previous_denominator', 'wholes.previous_denominator') }} as share_before,
        {{ ratio('wholes.previous_numerator', 'wholes.previous_denominator') }} as whole_before
    from compared as slices
    inner join compared as wholes
        on
            slices.kpi = wholes.kpi
            and slices.period = wholes.period
            and slices.period_start = wholes.period_start
            and wholes.dimension = 'all'
    where
        slices.dimension <> 'all'
        and wholes.denominator > 0
        and wholes.previous_denominator > 0
),

final as (
    select
        shared.kpi,
        shared.period,
        shared.period_start,
        shared.dimension,
        shared.member,
        shared.numerator,
        shared.denominator,
        shared.value,
        shared.previous_value,
        coalesce(
            100 * weights.weight * shared.share_now
            * (shared.value - coalesce(shared.previous_value, shared.whole_before)),
            0
        ) as rate_effect,
        100 * weights.weight * (shared.share_now - shared.share_before)
        * (coalesce(shared.previous_value, shared.whole_before) - shared.whole_before)
            as mix_effect
    from shared
    inner join weights
        on
            shared.kpi = weights.kpi
            and shared.period = weights.period
            and shared.period_start = weights.period_start
)

select
    *,
    rate_effect + mix_effect as contribution
from final
