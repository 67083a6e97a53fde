-- Grain: one row per (request_id) of the feed `change_requests`, its newest state; later than the
-- cut-off is left out.
with newest as (
    {{ newest_by_column(
        ref('stg_change_requests'),
        ['request_id'],
        [
            'channel', 'channel_order_id', 'request_type', 'initiator', 'requested_at',
            'decided_at', 'outcome', 'failure_reason', 'handled_by_role',
        ],
    ) }}
)

select * from newest
where requested_at <= {{ as_of() }}
