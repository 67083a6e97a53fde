-- Grain: one row per decision_id. Nothing adds up; shares are counts of is_overridden and is_correct.
with decisions as (
    select * from {{ ref('int_routing_decisions__deduplicated') }}
),

final as (
    select
        decision_id,
        channel,
        channel_order_id,
        decided_at,
        candidates,
        recommended_warehouse,
        assigned_warehouse,
        override_reason,
        factors,
        correct_warehouse,
        assigned_warehouse <> recommended_warehouse as is_overridden,
        assigned_warehouse = correct_warehouse as is_correct,
        last_exported_at
    from decisions
)

select * from final
