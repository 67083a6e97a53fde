-- Grain: one row per (warehouse_code, sku_code, counted_at, count_type), its newest state. A count that
-- does not say its type is a snapshot of a system.
with exported as (
    select * from {{ ref('stg_stock_counts') }}
    where counted_at <= {{ as_of() }}
),

warehouse_names as (
    select * from {{ ref('int_warehouses__names') }}
),

resolved as (
    select
        coalesce(warehouse_names.warehouse_code, exported.warehouse_code) as warehouse_code,
        exported.sku_code,
        exported.counted_at,
        coalesce(exported.count_type, 'system') as count_type,
        exported.on_hand_qty,
        exported.locked_qty,
        exported.available_qty,
        exported.in_transit_qty,
        exported.defective_qty,
        exported.extras,
        exported.source,
        exported.batch_id,
        exported.source_line,
        exported.exported_at,
        exported.arrival_seq,
        exported.carried_columns
    from exported
    left join warehouse_names
        on exported.warehouse_code = warehouse_names.warehouse_text
),

final as (
    {{ newest_by_column(
        'resolved',
        ['warehouse_code', 'sku_code', 'counted_at', 'count_type'],
        ['on_hand_qty', 'locked_qty', 'available_qty', 'in_transit_qty', 'defective_qty'],
    ) }}
)

select * from final
where on_hand_qty is not null
