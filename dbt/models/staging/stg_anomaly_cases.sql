-- Grain: one row per exported line of the feed `anomaly_cases`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'anomaly_cases',
    [
        'case_id', 'channel', 'channel_order_id', 'event_code', 'detected_at', 'resolved_at',
        'resolution', 'resolution_token', 'owner_role',
    ],
) }}
