-- Grain: one row per waybill_no with a scan: its first and last scan, and when it was signed for.
{{ kept(['waybill_no'], by='int_waybills__touched') }}

with scans as (
    select
        waybill_no,
        node_at,
        is_signed
    from {{ touched(ref('int_tracks__known')) }}
    where
        is_scan
        and node_at <= {{ as_of() }}
),

final as (
    select
        waybill_no,
        min(node_at) as first_scan_at,
        max(node_at) as last_scan_at,
        min(case when is_signed then node_at end) as signed_at
    from scans
    group by waybill_no
)

select * from final
