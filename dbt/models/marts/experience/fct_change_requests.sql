-- Grain: one row per request_id.
with requests as (
    select * from {{ ref('int_change_requests__judged') }}
),

final as (
    select
        request_id,
        channel,
        channel_order_id,
        request_type,
        initiator,
        requested_at,
        decided_at,
        outcome,
        failure_reason,
        handled_by_role,
        is_counted,
        is_success
    from requests
)

select * from final
