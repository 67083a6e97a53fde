-- Grain: one row per run and kind of document number (its first two characters and its length) that an
-- export of a source shows of a warehouse: (run_no, source, warehouse_code, exported_at, id_start,
-- id_length), with the least and the greatest number: where an earlier export of a document can be, and
-- where it cannot; first_issue_at is the earliest sales issue that it shows with its order. In DuckDB the store
-- of lines writes it.
{{ config(materialized='noted' if target.type == 'duckdb' else 'table', tags=['lasting']) }}

{{ shown_by_exports(ref('int_stock_movements__keyed'), 'true') }}
