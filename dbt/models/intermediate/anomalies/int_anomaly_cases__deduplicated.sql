-- Grain: one row per (case_id) of the feed `anomaly_cases`, its newest state; later than the cut-
-- off is left out.
with newest as (
    {{ newest_by_column(
        ref('stg_anomaly_cases'),
        ['case_id'],
        [
            'channel', 'channel_order_id', 'event_code', 'detected_at', 'resolved_at', 'resolution',
            'owner_role',
        ],
    ) }}
)

select * from newest
where detected_at <= {{ as_of() }}
