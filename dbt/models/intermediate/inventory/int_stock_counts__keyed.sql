-- Grain: one row per exported count, every export of it, with the code of its warehouse. Each batch is taken
-- once; run_no is the run that took it. A count that does not say its type is a snapshot of a system.
{{ stock_model('counts_keyed', feed='stock_counts') }}
{% set step = stock_step(
    'counts_keyed', basis=warehouse_names_said(ref('int_warehouses__names')), feed='stock_counts'
) %}
with exported as (
    select * from {{ ref('stg_stock_counts') }}
    where {{ in_new_batches('batch_id', step) }}
),

warehouse_names as (
    select * from {{ ref('int_warehouses__names') }}
),

final as (
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
        cast(null as {{ dbt.type_string() }}) as extras,
        exported.source,
        exported.batch_id,
        exported.source_line,
        exported.exported_at,
        exported.arrival_seq,
        exported.carried_columns,
        cast({{ step.run_no }} as bigint) as run_no
    from exported
    left join warehouse_names
        on exported.warehouse_code = warehouse_names.warehouse_text
)

select * from final
