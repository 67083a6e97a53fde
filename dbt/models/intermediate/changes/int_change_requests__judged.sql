-- Grain: one row per change request: request_id, with what is known of its outcome at the cut-off.
with requests as (
    select
        *,
        {{ known_at_cut_off('decided_at') }} as known_decided_at
    from {{ ref('int_change_requests__deduplicated') }}
),

judged as (
    select
        *,
        decided_at is null or decided_at <= {{ as_of() }} as is_outcome_known,
        known_decided_at is not null
        or {{ add_hours('requested_at', 24) }} <= {{ as_of() }} as is_due
    from requests
),

final as (
    select
        request_id,
        channel,
        channel_order_id,
        request_type,
        initiator,
        requested_at,
        known_decided_at as decided_at,
        case when is_outcome_known then outcome end as outcome,
        failure_reason,
        handled_by_role,
        initiator = 'customer'
        and is_due
        and not (is_outcome_known and coalesce(outcome, '') = 'withdrawn') as is_counted,
        is_outcome_known and coalesce(outcome, '') = 'succeeded' as is_success,
        source,
        batch_id
    from judged
)

select * from final
