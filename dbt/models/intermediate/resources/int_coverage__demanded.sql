-- Grain: one row per division and need: (adcode, need): the paid orders of the last hours of kpi_windows
-- (`coverage_orders`) that went there and asked for it, every need in every division that an order ever went to. An
-- address without a division stands under `unknown`. An order may ask for several needs; one need of it counts once.
with methods as (
    select * from {{ ref('delivery_needs') }}
),

orders as (
    select
        asked.channel,
        asked.channel_order_id,
        coalesce(asked.delivery_method, 'parcel') as delivery_method,
        coalesce(asked.temperature_needed, 'ambient') as temperature_needed,
        coalesce(addresses.adcode, 'unknown') as adcode,
        paid.paid_at,
        joined.paid_amount_cny,
        owners.customer_id
    from {{ ref('int_orders__needs') }} as asked
    inner join {{ ref('int_orders__paid') }} as paid
        on
            asked.channel = paid.channel
            and asked.channel_order_id = paid.channel_order_id
    inner join {{ ref('int_orders__joined') }} as joined
        on
            asked.channel = joined.channel
            and asked.channel_order_id = joined.channel_order_id
    left join {{ ref('int_addresses__current') }} as addresses
        on asked.address_token = addresses.address_token
    left join {{ ref('int_orders__customers') }} as owners
        on
            asked.channel = owners.channel
            and asked.channel_order_id = owners.channel_order_id
),

recent as (
    select orders.*
    from orders
    inner join {{ ref('kpi_windows') }} as windows
        on
            windows.window_code = 'coverage_orders'
            and cast({{ as_of() }} as date) between windows.valid_from and windows.valid_to
            and orders.paid_at > {{ add_hours(as_of(), '-windows.hours') }}
),

asked as (
    select
        channel,
        channel_order_id,
        temperature_needed as need
    from recent
    union distinct
    select
        recent.channel,
        recent.channel_order_id,
        methods.need
    from recent
    inner join methods
        on
            recent.delivery_method = methods.delivery_method
            and cast(recent.paid_at as date) between methods.valid_from and methods.valid_to
    union distinct
    select
        channel,
        channel_order_id,
        'installation' as need
    from {{ ref('int_service_items__judged') }}
    where item_code = 'installation' and not is_cancelled
),

counted as (
    select
        recent.adcode,
        asked.need,
        count(*) as order_count,
        count(distinct recent.customer_id) as customer_count,
        sum(recent.paid_amount_cny) as paid_amount_cny
    from recent
    inner join asked
        on
            recent.channel = asked.channel
            and recent.channel_order_id = asked.channel_order_id
    group by
        recent.adcode,
        asked.need
),

places as (
    select distinct adcode from orders
),

needs as (
    select need from {{ ref('resource_needs') }}
    union distinct
    select need from methods
),

grid as (
    select
        places.adcode,
        needs.need
    from places
    cross join needs
),

final as (
    select
        grid.adcode,
        grid.need,
        coalesce(counted.order_count, 0) as order_count,
        coalesce(counted.customer_count, 0) as customer_count,
        coalesce(counted.paid_amount_cny, 0) as paid_amount_cny
    from grid
    left join counted
        on
            grid.adcode = counted.adcode
            and grid.need = counted.need
)

select * from final
