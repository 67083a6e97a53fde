-- Grain: one row per (period, period_start, dimension, member, stage), `all` included: hours from one step of
-- an order to the next, and from order to completion (ordered_to_completed), by the day of the stage's end.
-- Counts add up over the members of one dimension; percentiles do not, and those of stages not to the whole.
{% set dimensions = ['channel', 'warehouse', 'carrier'] %}
with observed as (
    select * from {{ ref('int_cycles__observed') }}
),

rolled as (
    {{ rolled_up(
        'observed', ['stage'], single_slices(dimensions), ['hours'],
        [
            'count(*) as order_count',
            'count(hours) as denominator',
            percentiles('hours', [0.5, 0.9]) ~ ' as hours_at',
        ],
    ) }}
),

stages as (
    select * from {{ ref('cycle_stages') }}
),

final as (
    select
        cast(rolled.period as {{ dbt.type_string() }}) as period,
        rolled.period_start,
        cast({{ slice_dimension(dimensions) }} as {{ dbt.type_string() }}) as dimension,
        cast({{ slice_member(dimensions) }} as {{ dbt.type_string() }}) as member,
        cast(rolled.stage as {{ dbt.type_string() }}) as stage,
        cast(stages.seq as bigint) as stage_no,
        cast(rolled.order_count as bigint) as orders,
        cast(rolled.denominator as bigint) as denominator,
        {{ nth('rolled.hours_at', 1) }} as p50_hours,
        {{ nth('rolled.hours_at', 2) }} as p90_hours,
        {{ ratio('rolled.denominator', 'rolled.order_count') }} as coverage,
        cast({{ population_status('rolled.denominator') }} as {{ dbt.type_string() }}) as status
    from rolled
    inner join stages
        on rolled.stage = stages.stage
)

select * from final
