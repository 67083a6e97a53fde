-- Grain: one row per approved change of rules: change_id. The marks that stand on charts: from which day a rule
-- changed, what, why, and by which role it was approved.
with changes as (
    select * from {{ ref('rule_changes') }}
),

final as (
    select
        change_id,
        kind,
        title_zh,
        title_en,
        valid_from,
        approved_at,
        approver_role,
        reason,
        detail,
        revoked_at,
        revoked_reason,
        case
            when revoked_at is not null then 'revoked'
            when valid_from > cast({{ as_of() }} as date) then 'planned'
            else 'in_force'
        end as state
    from changes
)

select * from final
