-- Grain: one row per order that a sale left stock for: (channel, channel_order_id), at the first booking.
-- Bookings name an order by its number alone: a number that two channels have tells of neither.
with bookings as (
    select
        channel_order_id,
        min(first_booked_at) as booked_at
    from {{ ref('int_stock_movements__order_refs') }}
    where movement_type = 'sales_out'
    group by channel_order_id
),

orders as (
    select
        channel_order_id,
        min(channel) as channel
    from {{ ref('int_orders__joined') }}
    group by channel_order_id
    having count(*) = 1
),

final as (
    select
        orders.channel,
        bookings.channel_order_id,
        'outbound_confirmed' as event_code,
        bookings.booked_at as occurred_at
    from bookings
    inner join orders
        on bookings.channel_order_id = orders.channel_order_id
)

select * from final
