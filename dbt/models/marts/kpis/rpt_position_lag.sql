-- Grain: one row per (period, period_start). Seconds from observed_at to received_at of the positions that
-- riders report, by the day of observation. Only events, denominator and over_15s add up.
{{ lag_figures('rider_position', [[]], 15) }}
