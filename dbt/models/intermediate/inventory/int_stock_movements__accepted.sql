-- Grain: one row per movement line that counts: (warehouse_code, movement_id, line_key): the entries of the
-- ledger that none has reversed. Additive: quantity.
{{ config(materialized='view', tags=['lasting']) }}

{{ standing_entries(ref('int_stock_movements__ledger')) }}
