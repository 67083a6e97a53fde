-- Grain: one row per exported line of the feed `orders`, every export of it; the newest is chosen
-- downstream.
{{ exported_rows(
    'orders',
    [
        'channel', 'shop_id', 'channel_order_id', 'channel_line_id', 'parent_order_id',
        'status_raw', 'status', 'aftersale_status', 'channel_sku_code', 'product_name', 'spec',
        'quantity', 'unit_price_cny', 'line_amount_cny', 'order_amount_cny', 'freight_cny',
        'discount_cny', 'paid_amount_cny', 'paid_share_cny', 'buyer_account_token',
        'buyer_account_mask', 'unionid', 'openid', 'external_userid', 'addressee_id',
        'receiver_name_token', 'receiver_name_mask', 'receiver_phone_token',
        'receiver_phone_mask', 'receiver_province', 'receiver_city', 'receiver_district',
        'receiver_town', 'receiver_address_token', 'receiver_address_mask', 'ordered_at',
        'paid_at', 'promised_ship_at', 'promised_delivery_at', 'shipped_at', 'signed_at',
        'completed_at', 'closed_at', 'delivery_method', 'service_level', 'carrier', 'waybill_no',
        'pay_id', 'warehouse_code', 'store_id', 'buyer_message', 'buyer_message_token',
        'seller_remark', 'seller_remark_token', 'is_deleted',
    ],
) }}
