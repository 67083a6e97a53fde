-- Grain: one row per correction_id: what stewards want of master data, as it now stands.
with final as (
    select
        correction_id,
        entity,
        record_key,
        key_1,
        key_2,
        key_3,
        field,
        old_value,
        new_value,
        valid_from,
        reason,
        proposer,
        approver,
        status,
        proposed_at,
        decided_at,
        status = 'approved' and valid_from <= {{ as_of() }} as is_in_force
    from {{ source('lake', 'corrections') }}
)

select * from final
