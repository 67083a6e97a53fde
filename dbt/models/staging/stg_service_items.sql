-- Grain: one row per exported line of the feed `service_items`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'service_items',
    [
        'channel', 'channel_order_id', 'item_code', 'required_by', 'resource_type', 'status',
    ],
) }}
