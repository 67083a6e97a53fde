-- Grain: one row per order that takes of a known capacity: (channel, channel_order_id): its place in the
-- queue of its resource on the day on which its shipping falls due. The capacity of a day goes to the
-- orders paid first; an order that was over before its due time takes none of it.
with assigned as (
    select
        channel,
        channel_order_id,
        resource_code,
        capacity_per_day
    from {{ ref('int_orders__assigned') }}
    where capacity_per_day is not null
),

promised as (
    select
        channel,
        channel_order_id,
        paid_at,
        ship_due_at
    from {{ ref('int_orders__promised') }}
    where
        ended_at is null
        or ended_at >= ship_due_at
),

final as (
    select
        assigned.channel,
        assigned.channel_order_id,
        assigned.resource_code,
        assigned.capacity_per_day,
        row_number() over (
            partition by assigned.resource_code, cast(promised.ship_due_at as date)
            order by
                promised.paid_at asc nulls last,
                assigned.channel asc nulls last,
                assigned.channel_order_id asc nulls last
        ) as queue_no
    from assigned
    inner join promised
        on
            assigned.channel = promised.channel
            and assigned.channel_order_id = promised.channel_order_id
)

select * from final
