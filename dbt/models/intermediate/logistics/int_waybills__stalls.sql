-- Grain: one row per stall of a waybill: (waybill_no, stalled_at): a scan that is no end (signed,
-- locker, returned) and was followed by none within the hours of the rule, whether or not they have
-- passed. The next scan, where there is one, ended the stall.
{{ kept(['waybill_no'], by='int_waybills__touched') }}

with scans as (
    select
        waybill_no,
        node_at,
        max(case when is_terminal then 1 else 0 end) as is_terminal
    from {{ touched(ref('int_tracks__known')) }}
    where
        is_scan
        and node_at <= {{ as_of() }}
    group by
        waybill_no,
        node_at
),

rules as (
    select
        after_hours,
        valid_from,
        valid_to
    from {{ ref('anomaly_rules') }}
    where event_code = 'transit_stalled'
),

followed as (
    select
        scans.waybill_no,
        scans.is_terminal,
        {{ add_hours('scans.node_at', 'rules.after_hours') }} as stalled_at,
        lead(scans.node_at) over (
            partition by scans.waybill_no
            order by scans.node_at asc nulls last
        ) as next_scan_at
    from scans
    inner join rules
        on cast(scans.node_at as date) between rules.valid_from and rules.valid_to
),

final as (
    select
        waybill_no,
        stalled_at,
        next_scan_at
    from followed
    where
        is_terminal = 0
        and (next_scan_at is null or next_scan_at > stalled_at)
)

select * from final
