-- Grain: one row per exported line of the feed `change_requests`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'change_requests',
    [
        'request_id', 'channel', 'channel_order_id', 'request_type', 'initiator', 'requested_at',
        'decided_at', 'outcome', 'failure_reason', 'failure_reason_token', 'handled_by_role',
    ],
) }}
