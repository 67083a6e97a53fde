-- Grain: one row per (channel, shop_id, channel_sku_code)
-- of the feed `sku_aliases`, its newest state.
{{ newest_by_column(
    ref('stg_sku_aliases'),
    ['channel', 'shop_id', 'channel_sku_code'],
    [
        'sku_code',
    ],
) }}
