-- Grain: one row per exported line of the feed `resource_status`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'resource_status',
    [
        'resource_code', 'observed_at', 'received_at', 'load', 'available', 'latitude',
        'longitude',
    ],
) }}
