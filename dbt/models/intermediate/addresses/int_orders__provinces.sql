-- Grain: one row per paid order that goes out of a warehouse: (channel, channel_order_id). Its
-- provinces as the files write them and as they are, and whether the parcel crosses between two.
-- Without a standardised address two texts are compared, and a province not written is no match.
with orders as (
    select * from {{ ref('int_orders__paid') }}
),

decisions as (
    select
        channel,
        channel_order_id,
        coalesce(assigned_warehouse, recommended_warehouse) as warehouse_code,
        row_number() over (
            partition by channel, channel_order_id
            order by decided_at desc nulls last, decision_id asc nulls last
        ) as newest_no
    from {{ ref('int_routing_decisions__deduplicated') }}
),

names as (
    select * from {{ ref('int_warehouses__names') }}
),

sent as (
    select
        orders.channel,
        orders.channel_order_id,
        orders.paid_at,
        orders.receiver_address_token as address_token,
        coalesce(names.warehouse_code, orders.warehouse_code, decisions.warehouse_code)
            as warehouse_code
    from orders
    left join names
        on orders.warehouse_code = names.warehouse_text
    left join decisions
        on
            orders.channel = decisions.channel
            and orders.channel_order_id = decisions.channel_order_id
            and decisions.newest_no = 1
),

addresses as (
    select * from {{ ref('int_addresses__current') }}
),

places as (
    select * from {{ ref('int_places__judged') }}
    where feed = 'warehouses'
),

compared as (
    select
        sent.channel,
        sent.channel_order_id,
        sent.paid_at,
        sent.warehouse_code,
        places.found_province as warehouse_province,
        addresses.province as receiver_province,
        coalesce(places.province_said <> addresses.province_written, true) as is_cross_as_written,
        places.found_province <> addresses.province as is_cross_province
    from sent
    left join places
        on sent.warehouse_code = places.place_code
    left join addresses
        on sent.address_token = addresses.address_token
    where sent.warehouse_code is not null
),

final as (
    select
        channel,
        channel_order_id,
        paid_at,
        warehouse_code,
        warehouse_province,
        receiver_province,
        is_cross_as_written,
        is_cross_province,
        case
            when is_cross_province is not null then is_cross_as_written and not is_cross_province
        end as is_wrongly_cross
    from compared
)

select * from final
