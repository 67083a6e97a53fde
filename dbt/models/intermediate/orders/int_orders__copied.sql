-- Grain: one row per order line of a copy (an ERP's) whose order another source shows too, its newest
-- state: (channel, channel_order_id, channel_line_id). It makes no line; it fills what the channel's
-- own exports leave open.
{% set exported_copies %}
(
    select exported.*
    from {{ touched(ref('int_orders__exported')) }} as exported
    left join {{ touched(ref('int_orders__copied_alone')) }} as alone
        on
            exported.channel = alone.channel
            and exported.channel_order_id = alone.channel_order_id
    where
        exported.grain = 'copy'
        and alone.channel_order_id is null
)
{% endset %}

{{ newest_by_column(
    exported_copies,
    ['channel', 'channel_order_id', 'channel_line_id'],
    [
        'status', 'order_amount_cny', 'freight_cny', 'receiver_name_mask', 'receiver_phone_mask',
        'receiver_address_token', 'ordered_at', 'paid_at', 'promised_ship_at',
        'promised_delivery_at', 'shipped_at', 'carrier', 'waybill_no', 'warehouse_code',
    ],
) }}
