-- Grain: one row per paid order that could travel with another: (channel, channel_order_id): its
-- customer, an address that is known down to the room, and its place in the sequence of that
-- customer's orders to that address.
with orders as (
    select * from {{ ref('int_orders__paid') }}
),

customers as (
    select * from {{ ref('int_orders__customers') }}
),

addresses as (
    select
        address_token,
        address_key_token
    from {{ ref('int_addresses__current') }}
    where visible_to = 'room'
),

final as (
    select
        orders.channel,
        orders.channel_order_id,
        customers.customer_id,
        addresses.address_key_token,
        orders.paid_at,
        orders.first_shipped_at,
        row_number() over (
            partition by customers.customer_id, addresses.address_key_token
            order by
                orders.paid_at asc nulls last,
                orders.channel asc nulls last,
                orders.channel_order_id asc nulls last
        ) as place_no
    from orders
    inner join customers
        on
            orders.channel = customers.channel
            and orders.channel_order_id = customers.channel_order_id
    inner join addresses
        on orders.receiver_address_token = addresses.address_token
    where
        customers.customer_id is not null
        and addresses.address_key_token is not null
)

select * from final
