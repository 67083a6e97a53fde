-- Grain: one row per (channel, shop_id, sku_code, changed_at)
-- of the feed `channel_listings`, its newest state.
{{ newest_by_column(
    ref('stg_channel_listings'),
    ['channel', 'shop_id', 'sku_code', 'changed_at'],
    [
        'listed_qty', 'synced_at',
    ],
) }}
