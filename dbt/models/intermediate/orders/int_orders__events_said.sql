-- Grain: one row per order that an event speaks of: (channel, channel_order_id): what pushed events
-- say where the exports have no column for it.
with events as (
    select
        channel,
        channel_order_id,
        event_code,
        occurred_at
    from {{ touched(ref('int_order_events__deduplicated')) }}
),

final as (
    select
        channel,
        channel_order_id,
        max(
            case
                when event_code in ('refund_succeeded', 'payment_timeout_closed') then occurred_at
            end
        )
            as closed_at,
        max(case when event_code = 'refund_succeeded' then occurred_at end) as refunded_at,
        min(case when event_code = 'order_shipped' then occurred_at end) as shipped_at
    from events
    where event_code in ('refund_succeeded', 'payment_timeout_closed', 'order_shipped')
    group by
        channel,
        channel_order_id
)

select * from final
