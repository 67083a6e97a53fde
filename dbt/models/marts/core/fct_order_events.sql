-- Grain: one row per event of an order: (channel, channel_order_id, channel_line_id, event_code,
-- occurred_at, occurred_before). Nothing adds up but rows. Where occurred_at is null, the event
-- happened after occurred_after and not after occurred_before.
{{ kept(['channel', 'channel_order_id'], by='int_orders__retold') }}

with timeline as (
    select * from {{ touched(ref('int_order_events__timeline')) }}
),

final as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        occurred_at,
        occurred_after,
        occurred_before,
        received_at,
        evidence,
        event_id,
        source_system,
        is_derived
    from timeline
)

select * from final
