-- Grain: one row per (event_id) of the feed `order_events`, its newest state; later than the cut-
-- off is left out.
{{ kept(['channel', 'channel_order_id']) }}

with newest as (
    {{ newest_by_column(
        touched(ref('stg_order_events')),
        ['event_id'],
        [
            'channel', 'channel_order_id', 'channel_line_id', 'event_code', 'occurred_at',
            'received_at', 'source_system', 'payload',
        ],
    ) }}
)

select * from newest
where
    occurred_at <= {{ as_of() }}
    and {{ is_touched('newest') }}
