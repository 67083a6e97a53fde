-- Grain: one row per exported line of the feed `stock_counts`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'stock_counts',
    [
        'warehouse_code', 'sku_code', 'counted_at', 'count_type', 'on_hand_qty', 'locked_qty',
        'available_qty', 'in_transit_qty', 'defective_qty',
    ],
) }}
