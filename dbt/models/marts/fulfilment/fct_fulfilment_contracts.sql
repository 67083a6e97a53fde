-- Grain: one row per contract_id, the name of its first order. Additive: all counts, penalty_cny, paid_amount_cny.
with members as (
    select
        members.contract_id,
        members.channel,
        members.channel_order_id,
        members.order_no,
        members.joined_at,
        members.left_at,
        customers.customer_id,
        needs.address_token,
        needs.delivery_method,
        needs.service_level,
        needs.temperature_needed,
        joined.paid_amount_cny,
        sent_from.warehouse_code
    from {{ ref('int_contract_orders__grouped') }} as members
    inner join {{ ref('int_orders__needs') }} as needs
        on
            members.channel = needs.channel
            and members.channel_order_id = needs.channel_order_id
    inner join {{ ref('int_orders__joined') }} as joined
        on
            members.channel = joined.channel
            and members.channel_order_id = joined.channel_order_id
    left join {{ ref('int_orders__provinces') }} as sent_from
        on
            members.channel = sent_from.channel
            and members.channel_order_id = sent_from.channel_order_id
    left join {{ ref('int_orders__customers') }} as customers
        on
            members.channel = customers.channel
            and members.channel_order_id = customers.channel_order_id
),

contracts as (
    select
        contract_id,
        max(case when order_no = 1 then customer_id end) as customer_id,
        max(case when order_no = 1 then address_token end) as address_token,
        min(joined_at) as opened_at,
        case when count(left_at) = count(*) then max(left_at) end as closed_at,
        count(*) as order_count,
        count(distinct channel) as channel_count,
        {{ sorted_values('channel') }} as channels,
        {{ sorted_values('delivery_method') }} as delivery_methods,
        {{ sorted_values('service_level') }} as service_levels,
        {{ sorted_values('temperature_needed') }} as temperatures_needed,
        {{ sorted_values('warehouse_code') }} as warehouse_codes,
        sum(paid_amount_cny) as paid_amount_cny
    from members
    group by contract_id
),

clauses as (
    select
        contract_id,
        {{ sorted_values('item_code') }} as service_items,
        count(*) as clause_count,
        count_if(clause_status = 'kept') as kept_clause_count,
        count_if(clause_status = 'broken') as broken_clause_count,
        count_if(clause_status = 'open') as open_clause_count,
        sum(conflict_count) as conflict_count,
        sum(penalty_cny) as penalty_cny
    from {{ ref('int_contract_clauses__judged') }}
    group by contract_id
),

final as (
    select
        contracts.contract_id,
        contracts.customer_id,
        contracts.address_token,
        contracts.opened_at,
        contracts.closed_at,
        case
            when contracts.closed_at is null then 'open'
            when clauses.broken_clause_count > 0 then 'broken'
            when clauses.kept_clause_count > 0 then 'kept'
            else 'void'
        end as contract_status,
        cast(contracts.order_count as bigint) as order_count,
        cast(contracts.channel_count as bigint) as channel_count,
        contracts.channels,
        contracts.delivery_methods,
        contracts.service_levels,
        contracts.temperatures_needed,
        clauses.service_items,
        contracts.warehouse_codes,
        cast(clauses.clause_count as bigint) as clause_count,
        cast(clauses.kept_clause_count as bigint) as kept_clause_count,
        cast(clauses.broken_clause_count as bigint) as broken_clause_count,
        cast(clauses.open_clause_count as bigint) as open_clause_count,
        cast(clauses.conflict_count as bigint) as conflict_count,
        cast(clauses.penalty_cny as decimal(18, 2)) as penalty_cny,
        cast(contracts.paid_amount_cny as decimal(18, 2)) as paid_amount_cny
    from contracts
    inner join clauses
        on contracts.contract_id = clauses.contract_id
)

select * from final
