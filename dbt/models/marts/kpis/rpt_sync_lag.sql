-- Grain: one row per (period, period_start, channel, event_code), `all` included in both. Seconds from
-- occurred_at to received_at of the feed `order_events`, one observation an event_id, by the day on which it
-- occurred. Only events, denominator and over_90s add up, over days and over channels but for `all`.
{{ lag_figures(
    'order_event', [[], ['channel'], ['event_code'], ['channel', 'event_code']], 90
) }}
