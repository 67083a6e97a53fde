-- Grain: one row per paid order with a known resource: (channel, channel_order_id): the warehouse that
-- the files show, else the one that routing assigned, else the store; as it was when the order was paid.
with orders as (
    select
        needs.channel,
        needs.channel_order_id,
        needs.delivery_method,
        needs.temperature_needed,
        needs.address_token,
        paid.paid_at,
        joined.store_id
    from {{ ref('int_orders__needs') }} as needs
    inner join {{ ref('int_orders__paid') }} as paid
        on
            needs.channel = paid.channel
            and needs.channel_order_id = paid.channel_order_id
    inner join {{ ref('int_orders__joined') }} as joined
        on
            needs.channel = joined.channel
            and needs.channel_order_id = joined.channel_order_id
),

sent_from as (
    select
        channel,
        channel_order_id,
        warehouse_code
    from {{ ref('int_orders__provinces') }}
),

addresses as (
    select
        address_token,
        adcode
    from {{ ref('int_addresses__current') }}
),

resources as (
    select * from {{ ref('int_resources__placed') }}
),

divisions as (
    select * from {{ ref('stg_divisions') }}
),

assigned as (
    select
        orders.*,
        coalesce(sent_from.warehouse_code, orders.store_id) as resource_code,
        addresses.adcode
    from orders
    left join sent_from
        on
            orders.channel = sent_from.channel
            and orders.channel_order_id = sent_from.channel_order_id
    left join addresses
        on orders.address_token = addresses.address_token
),

final as (
    select
        assigned.channel,
        assigned.channel_order_id,
        assigned.delivery_method,
        assigned.temperature_needed,
        assigned.adcode,
        assigned.resource_code,
        resources.adcode as resource_adcode,
        resources.temperature_zones,
        resources.service_radius_km,
        resources.capacity_per_day,
        case
            when resources.service_radius_km is not null
                then {{ kilometres_between(
                    'resources.latitude', 'resources.longitude',
                    'divisions.latitude', 'divisions.longitude'
                ) }}
        end as distance_km
    from assigned
    inner join resources
        on
            assigned.resource_code = resources.resource_code
            and assigned.paid_at >= resources.in_force_from
            and assigned.paid_at < resources.in_force_until
    left join divisions
        on assigned.adcode = divisions.adcode
)

select * from final
