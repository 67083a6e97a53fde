-- Grain: one row per count that says what is on hand: (warehouse_code, sku_code, counted_at, count_type).
{{ config(materialized='view', tags=['lasting']) }}

select * from {{ ref('int_stock_counts__deduplicated') }}
where on_hand_qty is not null
