-- Grain: one row per stall of a waybill that has come to pass: (waybill_no, stalled_at).
{{ config(materialized='view', tags=['lasting']) }}

with stalls as (
    select * from {{ ref('int_waybills__stalls') }}
),

final as (
    select
        waybill_no,
        stalled_at,
        next_scan_at
    from stalls
    where stalled_at < {{ as_of() }}
)

select * from final
