-- Grain: one row per (warehouse_code, movement_id, line_key), its newest state, withdrawn lines included.
{{ newest_by_column(
    ref('int_stock_movements__keyed'),
    ['warehouse_code', 'movement_id', 'line_key'],
    [
        'sku_code', 'movement_type', 'quantity', 'occurred_at', 'recorded_at', 'document_no',
        'channel_order_id',
    ],
) }}
