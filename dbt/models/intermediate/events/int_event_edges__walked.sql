-- Grain: one row per edge of the event graph that an order went along: (channel, channel_order_id, from_event,
-- to_event): its timeline has both events, the second not before the first.
{{ kept(['channel', 'channel_order_id'], by='int_orders__retold') }}

with edges as (
    select
        from_event,
        to_event
    from {{ ref('event_edges') }}
),

told as (
    select
        channel,
        channel_order_id,
        event_code,
        min(coalesce(occurred_at, occurred_before)) as first_at,
        max(coalesce(occurred_at, occurred_before)) as last_at
    from {{ touched(ref('int_order_events__timeline')) }}
    group by
        channel,
        channel_order_id,
        event_code
),

final as (
    select
        earlier.channel,
        earlier.channel_order_id,
        edges.from_event,
        edges.to_event
    from told as earlier
    inner join edges
        on earlier.event_code = edges.from_event
    inner join told as later
        on
            earlier.channel = later.channel
            and earlier.channel_order_id = later.channel_order_id
            and edges.to_event = later.event_code
            and earlier.first_at <= later.last_at
)

select * from final
