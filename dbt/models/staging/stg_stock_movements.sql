-- Grain: one row per exported line of the feed `stock_movements`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'stock_movements',
    [
        'warehouse_code', 'sku_code', 'movement_id', 'line_no', 'movement_type', 'quantity',
        'occurred_at', 'recorded_at', 'document_no', 'channel_order_id',
    ],
) }}
