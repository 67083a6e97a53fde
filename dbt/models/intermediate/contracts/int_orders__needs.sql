-- Grain: one row per paid order that is not handed over at the till: (channel, channel_order_id): what
-- it asks of whoever fulfils it: the way of delivery, and the coldest temperature of its lines that are
-- not cancelled; of an order with none left, of all.
with orders as (
    select
        paid.channel,
        paid.channel_order_id,
        joined.delivery_method,
        joined.service_level,
        joined.receiver_address_token as address_token,
        joined.live_line_count
    from {{ ref('int_orders__paid') }} as paid
    inner join {{ ref('int_orders__joined') }} as joined
        on
            paid.channel = joined.channel
            and paid.channel_order_id = joined.channel_order_id
),

cold_skus as (
    select
        sku_code,
        case temperature_class when 'frozen' then 2 else 1 end as coldness
    from {{ ref('int_skus__deduplicated') }}
    where temperature_class in ('chilled', 'frozen')
),

cold_orders as (
    select
        order_lines.channel,
        order_lines.channel_order_id,
        max(cold_skus.coldness) as coldness
    from {{ ref('int_orders__lines') }} as order_lines
    inner join cold_skus
        on order_lines.sku_code = cold_skus.sku_code
    inner join orders
        on
            order_lines.channel = orders.channel
            and order_lines.channel_order_id = orders.channel_order_id
    where
        not order_lines.is_cancelled
        or orders.live_line_count = 0
    group by
        order_lines.channel,
        order_lines.channel_order_id
),

final as (
    select
        orders.channel,
        orders.channel_order_id,
        orders.delivery_method,
        orders.service_level,
        orders.address_token,
        case
            when cold_orders.coldness = 2 then 'frozen'
            when cold_orders.coldness = 1 or orders.delivery_method = 'cold_chain' then 'chilled'
        end as temperature_needed
    from orders
    left join cold_orders
        on
            orders.channel = cold_orders.channel
            and orders.channel_order_id = cold_orders.channel_order_id
)

select * from final
