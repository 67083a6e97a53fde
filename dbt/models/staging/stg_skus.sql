-- Grain: one row per exported line of the feed `skus`, every export of it; the newest is chosen
-- downstream.
{{ exported_rows(
    'skus',
    [
        'sku_code', 'barcode', 'name', 'category', 'temperature_class', 'weight_kg', 'cost_cny',
        'owner',
    ],
) }}
