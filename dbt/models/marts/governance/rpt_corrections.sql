-- Grain: one row per correction_id: what stewards corrected in master data, and what became of it.
with corrections as (
    select * from {{ ref('int_corrections__standing') }}
),

final as (
    select
        correction_id,
        entity,
        record_key,
        field,
        old_value,
        new_value,
        present_value,
        cast(state as {{ dbt.type_string() }}) as state,
        valid_from,
        reason,
        proposer,
        approver,
        proposed_at,
        decided_at
    from corrections
)

select * from final
