-- Grain: one row per exported line of the feed `customer_records`, every export of it; the newest
-- is chosen downstream.
{{ exported_rows(
    'customer_records',
    [
        'touchpoint', 'source_record_id', 'occurred_at', 'unionid', 'openid', 'app_id',
        'external_userid', 'user_id', 'member_no', 'buyer_account_token', 'buyer_account_mask',
        'pay_id', 'addressee_id', 'visitor_id', 'ticket_id', 'device_id', 'phone_token',
        'phone_mask', 'name_token', 'name_mask', 'nickname_token', 'nickname_mask', 'gender',
        'birthday_token', 'birthday_mask', 'email_token', 'email_mask', 'province', 'city',
        'district', 'town', 'address_token', 'address_mask', 'channel', 'channel_order_id',
        'consent',
    ],
) }}
