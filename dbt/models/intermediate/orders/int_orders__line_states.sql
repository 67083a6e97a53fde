-- Grain: one row per order line of a line-grain source, or of a copy of what no other source shows,
-- its newest state: (channel, channel_order_id, channel_line_id).
{% set exported_lines %}
(
    select * from {{ touched(ref('int_orders__exported')) }} where grain = 'line'
    union all
    select exported.*
    from {{ touched(ref('int_orders__exported')) }} as exported
    inner join {{ touched(ref('int_orders__copied_alone')) }} as alone
        on
            exported.channel = alone.channel
            and exported.channel_order_id = alone.channel_order_id
    where exported.grain = 'copy'
)
{% endset %}

{{ newest_by_column(
    exported_lines,
    ['channel', 'channel_order_id', 'channel_line_id'],
    [
        'shop_id', 'parent_order_id', 'status_raw', 'status', 'aftersale_status',
        'channel_sku_code', 'product_name', 'spec', 'quantity', 'unit_price_cny',
        'line_amount_cny', 'order_amount_cny', 'freight_cny', 'discount_cny', 'paid_amount_cny',
        'paid_share_cny', 'receiver_name_mask', 'receiver_phone_mask', 'receiver_address_token',
        'ordered_at', 'paid_at', 'promised_ship_at', 'promised_delivery_at', 'shipped_at',
        'signed_at', 'completed_at', 'closed_at', 'delivery_method', 'service_level', 'carrier',
        'waybill_no', 'pay_id', 'warehouse_code', 'store_id',
    ],
) }}
