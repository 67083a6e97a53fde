-- Grain: one row per (period, period_start, channel), `all` included. Seconds from changed_at to synced_at
-- of the feed `channel_listings`, by the day of the change. Only events, denominator and over_32s add up.
{{ lag_figures('stock_listing', [[], ['channel']], 32) }}
