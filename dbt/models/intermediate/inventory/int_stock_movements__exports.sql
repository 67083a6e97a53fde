-- Grain: one row per run and kind of document number (its first two characters and its length) that an
-- export of a source shows of a warehouse: (run_no, source, warehouse_code, exported_at, id_start,
-- id_length), with the least and the greatest number: where an earlier export of a document can be, and
-- where it cannot; first_issue_at is the earliest sales issue that it shows with its order.
{{ config(materialized='view', tags=['lasting']) }}

select * from {{ stock_exports(ref('int_stock_movements__keyed')) }}
