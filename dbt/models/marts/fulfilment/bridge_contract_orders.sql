-- Grain: one row per order of a contract: (channel, channel_order_id); each order is in one contract.
with orders as (
    select * from {{ ref('int_contract_orders__grouped') }}
),

final as (
    select
        contract_id,
        channel,
        channel_order_id,
        cast(order_no as bigint) as order_no,
        joined_at,
        left_at
    from orders
)

select * from final
