-- Grain: one row per run and kind of document number (its first two characters and its length) that an
-- export of a source shows of a warehouse: (run_no, source, warehouse_code, exported_at, id_start,
-- id_length), with the least and the greatest number: where an earlier export of a document can be, and
-- where it cannot; first_issue_at is the earliest sales issue that it shows with its order.
{{ stock_model('exports') }}
{% set step = stock_step('exports', takes=['keyed']) %}
select
    source,
    warehouse_code,
    exported_at,
    left(movement_id, 2) as id_start,
    length(movement_id) as id_length,
    min(movement_id) as least_id,
    max(movement_id) as greatest_id,
    min(
        case
            when movement_type = 'sales_out' and channel_order_id is not null and quantity <> 0
                then occurred_at
        end
    ) as first_issue_at,
    run_no
from {{ ref('int_stock_movements__keyed') }}
where run_no > {{ step.after_no }}
group by source, warehouse_code, exported_at, left(movement_id, 2), length(movement_id), run_no
