-- Grain: one row per (channel, channel_order_id): what other models found out about the order: its
-- contract, its merge group, changes of its state that are not in order, and since when no export
-- shows it.
{{ config(materialized='view', tags=['lasting']) }}

with orders as (
    select
        channel,
        channel_order_id
    from {{ ref('int_orders__joined') }}
),

contracts as (
    select
        channel,
        channel_order_id,
        contract_id
    from {{ ref('int_contract_orders__grouped') }}
),

merge_groups as (
    select
        members.channel,
        members.channel_order_id,
        members.merge_group_id,
        outcomes.is_merged
    from {{ ref('int_orders__merge_groups') }} as members
    inner join {{ ref('int_orders__merge_outcomes') }} as outcomes
        on members.merge_group_id = outcomes.merge_group_id
),

odd_transitions as (
    select
        channel,
        channel_order_id,
        count_if(not is_allowed) as forbidden_transition_count,
        count_if(transition_kind = 'backward') as backward_transition_count
    from {{ ref('int_order_transitions__judged') }}
    where transition_kind <> 'forward'
    group by
        channel,
        channel_order_id
),

absent as (
    select * from {{ ref('int_orders__absent') }}
),

final as (
    select
        orders.channel,
        orders.channel_order_id,
        contracts.contract_id,
        merge_groups.merge_group_id,
        merge_groups.is_merged,
        coalesce(odd_transitions.forbidden_transition_count, 0) as forbidden_transition_count,
        coalesce(odd_transitions.backward_transition_count, 0) as backward_transition_count,
        absent.is_absent_since
    from orders
    left join contracts
        on
            orders.channel = contracts.channel
            and orders.channel_order_id = contracts.channel_order_id
    left join merge_groups
        on
            orders.channel = merge_groups.channel
            and orders.channel_order_id = merge_groups.channel_order_id
    left join odd_transitions
        on
            orders.channel = odd_transitions.channel
            and orders.channel_order_id = odd_transitions.channel_order_id
    left join absent
        on
            orders.channel = absent.channel
            and orders.channel_order_id = absent.channel_order_id
)

select * from final
