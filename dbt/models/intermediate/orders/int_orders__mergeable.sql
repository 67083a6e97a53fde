-- Grain: one row per paid order that could travel with another: (channel, channel_order_id): its
-- customer, an address that is known down to the room, and its place in the sequence of that
-- customer's orders to that address.
with orders as (
    select
        joined.channel,
        joined.channel_order_id,
        joined.receiver_address_token,
        timed.paid_at,
        timed.first_shipped_at
    from {{ ref('int_orders__joined') }} as joined
    inner join {{ ref('int_orders__timed') }} as timed
        on
            joined.channel = timed.channel
            and joined.channel_order_id = timed.channel_order_id
    where
        timed.paid_at is not null
        and joined.channel <> 'pos'
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
