-- Grain: one row per decision_id. Nothing adds up; shares are counts of is_overridden and is_correct.
with decisions as (
    select * from {{ ref('int_routing_decisions__deduplicated') }}
),

judged as (
    select
        decision_id,
        override_reason_code
    from {{ ref('int_routing_decisions__judged') }}
),

final as (
    select
        decisions.decision_id,
        decisions.channel,
        decisions.channel_order_id,
        decisions.decided_at,
        decisions.candidates,
        decisions.recommended_warehouse,
        decisions.assigned_warehouse,
        decisions.override_reason,
        cast(judged.override_reason_code as {{ dbt.type_string() }}) as override_reason_code,
        decisions.factors,
        decisions.correct_warehouse,
        decisions.assigned_warehouse <> decisions.recommended_warehouse as is_overridden,
        decisions.assigned_warehouse = decisions.correct_warehouse as is_correct,
        decisions.last_exported_at
    from decisions
    left join judged
        on decisions.decision_id = judged.decision_id
)

select * from final
