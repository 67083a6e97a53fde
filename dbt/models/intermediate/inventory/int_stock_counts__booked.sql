-- Grain: one row per count: (warehouse_code, sku_code, counted_at, count_type), with the book at its time.
-- book_qty: all movements that occurred up to and including counted_at; late_qty: those of them that the
-- book did not know by then. Late rule: a new entry adds to each count of its key at or after it; the book
-- of a new count is the balance now less what happened since.
-- depends_on: {{ ref('int_stock_movements__accepted') }} {{ ref('int_stock_movements__ledger') }}
-- depends_on: {{ ref('int_stock_balances__current') }}
{{ stock_model('booked', key=['warehouse_code', 'sku_code', 'counted_at', 'count_type']) }}
{% set step = stock_step('booked', takes=['ledger', 'counts', 'balances']) %}
with counts as (
    select
        warehouse_code,
        sku_code,
        counted_at,
        count_type,
        on_hand_qty
    from {{ ref('int_stock_counts__deduplicated') }}
    where run_no > {{ step.after_no }}
),

{% if step.is_whole %}
    {{ counts_on_one_time_line(ref('int_stock_movements__accepted'), 'counts') }}
{% else %}
    {{ counts_by_what_changed(step) }}
{% endif %}

select
    warehouse_code,
    sku_code,
    counted_at,
    count_type,
    {{ 'had_row,' if not step.is_whole }}
    counted_qty,
    cast(book_qty as decimal(18, 3)) as book_qty,
    cast(late_qty as decimal(18, 3)) as late_qty,
    cast({{ step.run_no }} as bigint) as run_no
from final
