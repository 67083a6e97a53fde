-- Grain: one row per exported movement line, every export of it, with the code of its warehouse and a
-- line key: the source's line number, else SKU + ordinal in the document (identical lines are real). Each
-- batch is taken once; run_no is the run that took it.
{{ stock_model('keyed', feed='stock_movements', notes='stock_exports') }}
{% set step = stock_step(
    'keyed', basis=warehouse_names_said(ref('int_warehouses__names')), feed='stock_movements'
) %}
with exported as (
    select * from {{ ref('stg_stock_movements') }}
    where {{ in_new_batches('batch_id', step) }}
),

warehouse_names as (
    select * from {{ ref('int_warehouses__names') }}
),

resolved as (
    select
        exported.sku_code,
        exported.movement_id,
        exported.line_no,
        exported.movement_type,
        exported.quantity,
        exported.occurred_at,
        exported.recorded_at,
        exported.document_no,
        exported.channel_order_id,
        cast(null as {{ dbt.type_string() }}) as extras,
        exported.source,
        exported.batch_id,
        exported.source_line,
        exported.exported_at,
        exported.grain,
        coalesce(warehouse_names.warehouse_code, exported.warehouse_code) as warehouse_code
    from exported
    left join warehouse_names
        on exported.warehouse_code = warehouse_names.warehouse_text
),

final as (
    select
        *,
        line_no as line_key
    from resolved
    where line_no is not null
    union all
    select
        *,
        sku_code || '#' || cast(row_number() over (
            partition by batch_id, movement_id, warehouse_code, sku_code
            order by source_line asc nulls last
        ) as {{ dbt.type_string() }}) as line_key
    from resolved
    where line_no is null
)

select
    *,
    cast({{ step.run_no }} as bigint) as run_no
from final
