-- Grain: one row per exported line of the feed `routing_decisions`, every export of it; the newest
-- is chosen downstream.
{{ exported_rows(
    'routing_decisions',
    [
        'decision_id', 'channel', 'channel_order_id', 'decided_at', 'candidates',
        'recommended_warehouse', 'assigned_warehouse', 'override_reason', 'factors',
        'correct_warehouse',
    ],
) }}
