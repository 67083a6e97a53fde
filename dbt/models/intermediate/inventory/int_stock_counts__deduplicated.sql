-- Grain: one row per (warehouse_code, sku_code, counted_at, count_type), its newest state, up to the cut-off;
-- run_no is the last run in which an export showed it or its time came. Late rule: a count that a new
-- export shows is made anew from all of its exports.
{{ stock_model('counts', key=['warehouse_code', 'sku_code', 'counted_at', 'count_type']) }}
{% set step = stock_step('counts', takes=['counts_keyed']) %}
with
{% if step.is_whole %}
    exported as (
        select * from {{ ref('int_stock_counts__keyed') }}
    ),
{% else %}
    touched as (
        select distinct
            warehouse_code,
            sku_code,
            counted_at,
            count_type
        from {{ ref('int_stock_counts__keyed') }}
        where
            run_no > {{ step.after_no }}
            or (counted_at > {{ step.after }} and counted_at <= {{ as_of() }})
    ),

    exported as (
        select shown.*
        from {{ ref('int_stock_counts__keyed') }} as shown
        inner join touched
            on
                shown.warehouse_code = touched.warehouse_code
                and shown.sku_code = touched.sku_code
                and shown.counted_at = touched.counted_at
                and shown.count_type = touched.count_type
    ),
{% endif %}

final as (
    {{ newest_by_column(
        'exported',
        ['warehouse_code', 'sku_code', 'counted_at', 'count_type'],
        ['on_hand_qty', 'locked_qty', 'available_qty', 'in_transit_qty', 'defective_qty'],
    ) }}
)

select
    final.*,
    {% if not step.is_whole %}{{ row_place('had') }} as had_row,{% endif %}
    cast({{ step.run_no }} as bigint) as run_no
from final
{% if not step.is_whole %}
    left join {{ this }} as had
        on
            final.warehouse_code = had.warehouse_code
            and final.sku_code = had.sku_code
            and final.counted_at = had.counted_at
            and final.count_type = had.count_type
{% endif %}
where final.counted_at <= {{ as_of() }}
