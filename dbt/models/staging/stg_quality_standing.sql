-- Grain: one row per finding_id that an earlier run published or that somebody has said something of since.
with final as (
    select
        finding_id,
        was_state,
        rule_code,
        entity,
        record_key,
        field,
        value,
        reason_code,
        detail,
        suggestion,
        adcode,
        record_owner,
        source,
        first_seen_at,
        opened_at,
        last_seen_at,
        due_at,
        responded_at,
        resolved_at,
        reopened_count,
        acted_until,
        said_state,
        said_assignee,
        said_reason,
        said_first_at,
        said_last_at,
        is_corrected
    from {{ source('lake', 'quality_standing') }}
)

select * from final
