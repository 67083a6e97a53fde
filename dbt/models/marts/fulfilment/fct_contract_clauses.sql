-- Grain: one row per clause of a contract: (contract_id, channel, channel_order_id, clause_code,
-- item_code), the item code null but for services. Additive: conflict_count, penalty_cny. minutes_late is negative
-- where the promise was met early.
with clauses as (
    select * from {{ ref('int_contract_clauses__judged') }}
),

final as (
    select
        contract_id,
        channel,
        channel_order_id,
        clause_code,
        item_code,
        promised_at,
        actual_at,
        is_default,
        is_due,
        clause_status,
        case when clause_status in ('kept', 'broken') then clause_status = 'kept' end as is_met,
        minutes_late,
        cast(conflict_count as bigint) as conflict_count,
        penalty_cny,
        opened_at
    from clauses
)

select * from final
