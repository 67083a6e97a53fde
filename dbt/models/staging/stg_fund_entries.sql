-- Grain: one row per exported line of the feed `fund_entries`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'fund_entries',
    [
        'channel', 'entry_id', 'channel_order_id', 'entry_type', 'amount_cny', 'occurred_at',
        'remark', 'remark_token',
    ],
) }}
