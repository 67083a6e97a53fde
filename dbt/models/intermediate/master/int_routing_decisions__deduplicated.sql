-- Grain: one row per (decision_id) of the feed `routing_decisions`, its newest state.
{{ newest_by_column(
    ref('stg_routing_decisions'),
    ['decision_id'],
    [
        'channel', 'channel_order_id', 'decided_at', 'candidates', 'recommended_warehouse',
        'assigned_warehouse', 'override_reason', 'factors', 'correct_warehouse',
    ],
) }}
