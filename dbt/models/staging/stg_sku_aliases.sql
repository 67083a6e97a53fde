-- Grain: one row per exported line of the feed `sku_aliases`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'sku_aliases',
    [
        'channel', 'shop_id', 'channel_sku_code', 'sku_code',
    ],
) }}
