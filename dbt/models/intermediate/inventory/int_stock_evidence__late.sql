-- Grain: one row per movement that the book learnt of after it had occurred. A snapshot of a system that
-- was taken in between had not seen it either.
-- effect_qty is what it does to counted minus booked while from_at <= counted_at < until_at (null: still).

select
    warehouse_code,
    sku_code,
    -quantity as effect_qty,
    occurred_at as from_at,
    known_at as until_at,
    movement_id as evidence_id,
    line_key as evidence_part
from {{ ref('int_stock_movements__questioned') }}
where known_at > occurred_at
