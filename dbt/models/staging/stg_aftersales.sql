-- Grain: one row per exported line of the feed `aftersales`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'aftersales',
    [
        'channel', 'aftersale_id', 'channel_order_id', 'channel_line_id', 'aftersale_type',
        'status_raw', 'status', 'reason', 'reason_token', 'refund_amount_cny', 'requested_at',
        'deadline_at', 'agreed_at', 'returned_at', 'refunded_at', 'closed_at',
        'return_waybill_no',
    ],
) }}
