-- Grain: one row per routing decision up to the cut-off: decision_id: whether the recommended warehouse was
-- taken, and why not: the first known word (seed override_reasons) that the free text holds, else `other`.
-- is_overridden is null where either warehouse is missing.
with decisions as (
    select * from {{ ref('int_routing_decisions__deduplicated') }}
    where decided_at <= {{ as_of() }}
),

reasons as (
    select distinct override_reason
    from decisions
    where override_reason is not null
),

labels as (
    select * from {{ ref('override_reasons') }}
),

told as (
    select
        reasons.override_reason,
        min_by(labels.override_reason_code, labels.priority) as override_reason_code
    from reasons
    inner join labels
        on contains(lower(reasons.override_reason), labels.label)
    group by reasons.override_reason
),

final as (
    select
        decisions.decision_id,
        decisions.channel,
        decisions.channel_order_id,
        decisions.decided_at,
        decisions.recommended_warehouse,
        decisions.assigned_warehouse,
        decisions.correct_warehouse,
        decisions.assigned_warehouse <> decisions.recommended_warehouse as is_overridden,
        case
            when decisions.assigned_warehouse = decisions.recommended_warehouse then 'none'
            when decisions.assigned_warehouse is null or decisions.recommended_warehouse is null
                then 'undecided'
            when trim(coalesce(decisions.override_reason, '')) = '' then 'no reason given'
            else coalesce(told.override_reason_code, 'other')
        end as override_reason_code
    from decisions
    left join told
        on decisions.override_reason = told.override_reason
)

select * from final
