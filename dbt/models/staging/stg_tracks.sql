-- Grain: one row per exported line of the feed `tracks`, every export of it; the newest is chosen
-- downstream.
{{ exported_rows(
    'tracks',
    [
        'carrier', 'waybill_no', 'node_at', 'node_raw', 'node', 'description',
        'description_token', 'location', 'received_at',
    ],
) }}
