-- Grain: one row per (observed_on, channel): orders in merge groups by the day of the group's first
-- payment; `all` has each group once, a channel has the whole of each group that holds an order of
-- it.
with members as (
    select * from {{ ref('int_orders__merge_groups') }}
),

outcomes as (
    select * from {{ ref('int_orders__merge_outcomes') }}
),

scopes as (
    select distinct
        merge_group_id,
        channel
    from members
    union all
    select
        merge_group_id,
        'all' as channel
    from outcomes
),

final as (
    select
        'cross_channel_merge_rate' as kpi,
        scopes.channel,
        cast(outcomes.first_paid_at as date) as observed_on,
        sum(case when outcomes.is_merged then outcomes.order_count else 0 end) as numerator,
        sum(outcomes.order_count) as denominator
    from scopes
    inner join outcomes
        on scopes.merge_group_id = outcomes.merge_group_id
    group by
        scopes.channel,
        cast(outcomes.first_paid_at as date)
)

select * from final
