-- Grain: one row per (carrier, adcode): districts to which orders went by a carrier that tells its areas, and
-- that it does not serve, or did not when an order was paid. Orders are asked one by one only where no area
-- covers all the time in which they were paid.
{{ config(materialized='view', tags=['lasting']) }}

with orders as (
    select
        joined.carrier,
        joined.paid_at,
        addresses.adcode
    from {{ ref('int_orders__joined') }} as joined
    left join {{ ref('int_addresses__current') }} as addresses
        on joined.receiver_address_token = addresses.address_token
    where
        joined.paid_at is not null
        and addresses.adcode not like '%00'
),

areas as (
    select * from {{ ref('int_carrier_areas__deduplicated') }}
),

routes as (
    select
        carrier,
        adcode,
        min(paid_at) as first_paid_at,
        max(paid_at) as last_paid_at
    from orders
    where carrier in (select listed.carrier from areas as listed)
    group by
        carrier,
        adcode
),

levels as (
    {% for area in ['adcode', "substr(adcode, 1, 4) || '00'", "substr(adcode, 1, 2) || '0000'"] %}
        select
            carrier,
            adcode,
            {{ area }} as area_adcode
        from routes
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

offered as (
    select
        levels.carrier,
        levels.adcode,
        areas.valid_from,
        areas.valid_to
    from levels
    inner join areas
        on
            levels.carrier = areas.carrier
            and levels.area_adcode = areas.adcode
),

doubtful as (
    select
        routes.carrier,
        routes.adcode,
        count(offered.carrier) > 0 as is_listed
    from routes
    left join offered
        on
            routes.carrier = offered.carrier
            and routes.adcode = offered.adcode
    group by
        routes.carrier,
        routes.adcode
    having
        not coalesce(
            bool_or(
                offered.carrier is not null
                and coalesce(offered.valid_from <= routes.first_paid_at, true)
                and coalesce(offered.valid_to > routes.last_paid_at, true)
            ),
            false
        )
),

final as (
    select
        doubtful.carrier,
        doubtful.adcode,
        doubtful.is_listed
    from doubtful
    inner join orders
        on
            doubtful.carrier = orders.carrier
            and doubtful.adcode = orders.adcode
    left join offered
        on
            orders.carrier = offered.carrier
            and orders.adcode = offered.adcode
            and coalesce(orders.paid_at >= offered.valid_from, true)
            and coalesce(orders.paid_at < offered.valid_to, true)
    where offered.carrier is null
    group by
        doubtful.carrier,
        doubtful.adcode,
        doubtful.is_listed
)

select * from final
