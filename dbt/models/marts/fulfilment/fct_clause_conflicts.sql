-- Grain: one row per clause that its assigned resource cannot keep, and why: (contract_id, channel,
-- channel_order_id, clause_code, conflict_code). Nothing adds up but rows.
with conflicts as (
    select * from {{ ref('int_contract_clauses__conflicts') }}
),

contracts as (
    select
        channel,
        channel_order_id,
        contract_id,
        opened_at
    from {{ ref('int_contract_orders__grouped') }}
),

final as (
    select
        contracts.contract_id,
        conflicts.channel,
        conflicts.channel_order_id,
        conflicts.clause_code,
        conflicts.conflict_code,
        conflicts.resource_code,
        conflicts.needed,
        conflicts.offered,
        contracts.opened_at
    from conflicts
    inner join contracts
        on
            conflicts.channel = contracts.channel
            and conflicts.channel_order_id = contracts.channel_order_id
)

select * from final
