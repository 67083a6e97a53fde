-- Grain: one row per (kpi, period, period_start, dimension, member) of the five parts of the index, each thing
-- under one member of a dimension alone: counts sum to the whole, and so do contributions. Of the merge rate
-- an order stands under its own member, not its whole group under each.
{% set dimensions = ['channel', 'warehouse', 'province', 'customer_tier'] %}
with parts as (
    select distinct kpi from {{ ref('index_weights') }}
),

rolled as (
    select * from {{ ref('int_kpis__rolled') }}
    where
        dimension <> 'detail'
        and kpi <> 'cross_channel_merge_rate'
),

members as (
    select * from {{ ref('int_kpis__merge_members') }}
),

merges as (
    {{ rolled_up(
        'members', [], single_slices(dimensions), ['is_merged'],
        ['count(case when is_merged then 1 end) as numerator', 'count(*) as denominator'],
    ) }}
),

final as (
    select
        rolled.kpi,
        rolled.period,
        rolled.period_start,
        rolled.dimension,
        rolled.member,
        rolled.numerator,
        rolled.denominator
    from rolled
    inner join parts
        on rolled.kpi = parts.kpi
    where rolled.denominator > 0
    union all
    select
        'cross_channel_merge_rate' as kpi,
        period,
        period_start,
        {{ slice_dimension(dimensions) }} as dimension,
        {{ slice_member(dimensions) }} as member,
        cast(numerator as bigint) as numerator,
        cast(denominator as bigint) as denominator
    from merges
)

select * from final
