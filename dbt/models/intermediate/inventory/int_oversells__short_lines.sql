-- Grain: one row per paid order line that could not be locked or was found oversold: (channel,
-- channel_order_id, channel_line_id), at the first such event; an event without a line is of all lines of
-- its order. It ends when the line is locked after all, shipped, or cancelled.
with events as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        coalesce(occurred_at, occurred_before) as occurred_at
    from {{ ref('int_order_events__timeline') }}
    where event_code in ('oversell_detected', 'inventory_lock_failed', 'inventory_locked')
),

order_lines as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        shop_id,
        sku_code,
        warehouse_code,
        quantity,
        paid_share_cny,
        shipped_at,
        is_cancelled
    from {{ ref('int_orders__lines') }}
),

orders as (
    select
        channel,
        channel_order_id,
        paid_at,
        ended_at
    from {{ ref('int_orders__timed') }}
    where paid_at is not null
),

told as (
    select
        order_lines.channel,
        order_lines.channel_order_id,
        order_lines.channel_line_id,
        min(case when events.event_code <> 'inventory_locked' then events.occurred_at end)
            as started_at,
        max(case when events.event_code = 'inventory_locked' then events.occurred_at end)
            as locked_at,
        bool_or(events.event_code = 'oversell_detected') as is_oversell_detected
    from order_lines
    inner join events
        on
            order_lines.channel = events.channel
            and order_lines.channel_order_id = events.channel_order_id
            and (
                events.channel_line_id is null
                or order_lines.channel_line_id = events.channel_line_id
            )
    group by order_lines.channel, order_lines.channel_order_id, order_lines.channel_line_id
),

final as (
    select
        order_lines.*,
        orders.paid_at,
        told.started_at,
        told.is_oversell_detected,
        case
            when order_lines.is_cancelled then 'cancelled'
            when order_lines.shipped_at is not null then 'shipped'
            when told.locked_at > told.started_at then 'locked'
            else 'waiting'
        end as outcome,
        case
            when order_lines.is_cancelled then orders.ended_at
            when order_lines.shipped_at is not null then order_lines.shipped_at
            when told.locked_at > told.started_at then told.locked_at
        end as ended_at
    from told
    inner join order_lines
        on
            told.channel = order_lines.channel
            and told.channel_order_id = order_lines.channel_order_id
            and told.channel_line_id = order_lines.channel_line_id
    inner join orders
        on
            told.channel = orders.channel
            and told.channel_order_id = orders.channel_order_id
    where told.started_at is not null
)

select * from final
