-- Grain: one row per exported line of the feed `sla_offers`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'sla_offers',
    [
        'offer_id', 'channel', 'channel_order_id', 'option_code', 'service_level', 'promised_at',
        'extra_cost_cny', 'compensation', 'resource_code', 'offered_at', 'expires_at', 'response',
        'responded_at',
    ],
) }}
