-- Grain: one row per order in a group of two channels or more: (channel, channel_order_id), dated by the
-- group's first payment, with its own slices. Each order stands here once, so that slices sum to the total.
with members as (
    select * from {{ ref('int_orders__merge_groups') }}
),

outcomes as (
    select * from {{ ref('int_orders__merge_outcomes') }}
),

sliced as (
    select * from {{ ref('int_orders__sliced') }}
),

final as (
    select
        members.merge_group_id,
        members.channel,
        members.channel_order_id,
        cast(outcomes.first_paid_at as date) as observed_on,
        sliced.warehouse,
        sliced.province,
        sliced.customer_tier,
        outcomes.is_merged,
        outcomes.order_count
    from members
    inner join outcomes
        on members.merge_group_id = outcomes.merge_group_id
    left join sliced
        on
            members.channel = sliced.channel
            and members.channel_order_id = sliced.channel_order_id
)

select * from final
