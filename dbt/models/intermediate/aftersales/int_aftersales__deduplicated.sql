-- Grain: one row per (channel, aftersale_id) of the feed `aftersales`, its newest state.
{{ newest_by_column(
    ref('stg_aftersales'),
    ['channel', 'aftersale_id'],
    [
        'channel_order_id', 'channel_line_id', 'aftersale_type', 'status_raw', 'status', 'reason',
        'refund_amount_cny', 'requested_at', 'deadline_at', 'agreed_at', 'returned_at',
        'refunded_at', 'closed_at', 'return_waybill_no',
    ],
) }}
