-- Grain: one row per (channel, channel_order_id): what KPIs are sliced by. An order that nobody is known to
-- own has no customer tier. A warehouse that an export names is known by its code.
with orders as (
    select * from {{ ref('int_orders__joined') }}
),

owners as (
    select * from {{ ref('int_orders__customers') }}
),

customers as (
    select * from {{ ref('int_customers__valued') }}
),

names as (
    select * from {{ ref('int_warehouses__names') }}
),

addresses as (
    select * from {{ ref('int_addresses__current') }}
),

final as (
    select
        orders.channel,
        orders.channel_order_id,
        coalesce(names.warehouse_code, orders.warehouse_code) as warehouse,
        orders.carrier,
        addresses.province,
        owners.customer_id,
        customers.value_tier as customer_tier
    from orders
    left join owners
        on
            orders.channel = owners.channel
            and orders.channel_order_id = owners.channel_order_id
    left join names
        on orders.warehouse_code = names.warehouse_text
    left join customers
        on owners.customer_id = customers.customer_id
    left join addresses
        on orders.receiver_address_token = addresses.address_token
)

select * from final
