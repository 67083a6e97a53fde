-- Grain: one row per exported line of the feed `channel_listings`, every export of it; the newest
-- is chosen downstream.
{{ exported_rows(
    'channel_listings',
    [
        'channel', 'shop_id', 'sku_code', 'listed_qty', 'changed_at', 'synced_at',
    ],
) }}
