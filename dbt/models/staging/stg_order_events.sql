-- Grain: one row per exported line of the feed `order_events`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'order_events',
    [
        'event_id', 'channel', 'channel_order_id', 'channel_line_id', 'event_code', 'occurred_at',
        'received_at', 'source_system', 'payload', 'payload_token',
    ],
) }}
