-- Grain: one row per (period, period_start, dimension, member, promise_kind), `all` included: what became of
-- the promises that fell due. Counts add up over the kinds but for `all`, and over the members of one
-- dimension; rates and percentiles do not.
{% set dimensions = ['channel', 'warehouse', 'carrier', 'province', 'customer_tier'] %}
{% set slices = single_slices(dimensions) %}
{% set kinds = [] %}
{% for slice in slices %}{% do kinds.append(slice + ['promise_kind']) %}{% endfor %}
with observed as (
    select * from {{ ref('int_promises__observed') }}
),

rolled as (
    {{ rolled_up(
        'observed', [], slices + kinds,
        ['kept_count', 'open_count', 'complete_count', 'early_minutes', 'late_minutes'],
        [
            'count(*) as denominator',
            'sum(kept_count) as numerator',
            'sum(open_count) as open_count',
            'sum(complete_count) as complete_count',
            percentiles('early_minutes', [0.5, 0.9]) ~ ' as early_at',
            percentiles('late_minutes', [0.5, 0.9]) ~ ' as late_at',
        ],
    ) }}
),

final as (
    select
        cast(period as {{ dbt.type_string() }}) as period,
        period_start,
        cast({{ slice_dimension(dimensions) }} as {{ dbt.type_string() }}) as dimension,
        cast({{ slice_member(dimensions) }} as {{ dbt.type_string() }}) as member,
        cast(coalesce(promise_kind, 'all') as {{ dbt.type_string() }}) as promise_kind,
        cast(numerator as bigint) as numerator,
        cast(denominator as bigint) as denominator,
        {{ ratio('numerator', 'denominator') }} as on_time_rate,
        cast(denominator - numerator as bigint) as late_count,
        cast(open_count as bigint) as open_count,
        {{ nth('early_at', 1) }} as p50_early_minutes,
        {{ nth('early_at', 2) }} as p90_early_minutes,
        {{ nth('late_at', 1) }} as p50_late_minutes,
        {{ nth('late_at', 2) }} as p90_late_minutes,
        {{ ratio('complete_count', 'denominator') }} as coverage,
        cast({{ population_status('denominator') }} as {{ dbt.type_string() }}) as status
    from rolled
)

select * from final
