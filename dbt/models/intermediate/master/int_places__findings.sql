-- Grain: one row per (finding_rule, feed, place_code, valid_from): warehouses and resources without a
-- division, or whose coordinates cannot be theirs. Riders and the like move: none is asked of them.
with places as (
    select * from {{ ref('int_places__judged') }}
),

orders as (
    select
        warehouse_code,
        count(*) as order_count
    from {{ ref('int_orders__provinces') }}
    group by warehouse_code
),

judged as (
    select
        places.*,
        case
            when places.feed = 'warehouses' then coalesce(orders.order_count, 0)
            else 0
        end as affected
    from places
    left join orders
        on places.place_code = orders.warehouse_code
),

unplaced as (
    select
        'place_unplaced' as finding_rule,
        feed,
        place_code,
        valid_from,
        found_adcode as adcode,
        match_method as detail,
        cast(null as {{ dbt.type_string() }}) as suggestion,
        affected
    from judged
    where
        found_adcode is null
        and (feed = 'warehouses' or place_type in ('warehouse', 'store'))
),

misplaced as (
    select
        'place_coordinates_' || coordinate_finding as finding_rule,
        feed,
        place_code,
        valid_from,
        found_adcode as adcode,
        case
            when distance_km is not null
                then
                    cast(distance_km as {{ dbt.type_string() }})
                    || ' km, '
                    || coalesce(nearest_adcode, '?')
        end as detail,
        {{ point('suggested_latitude', 'suggested_longitude') }} as suggestion,
        affected
    from judged
    where
        coordinate_finding is not null
        and (
            coordinate_finding <> 'missing'
            or feed = 'warehouses'
            or place_type in ('warehouse', 'store')
        )
),

shifted as (
    select
        'place_coordinates_datum' as finding_rule,
        feed,
        place_code,
        valid_from,
        found_adcode as adcode,
        datum as detail,
        {{ point('wgs84_latitude', 'wgs84_longitude') }} as suggestion,
        affected
    from judged
    where datum is not null
),

final as (
    select * from unplaced
    union all
    select * from misplaced
    union all
    select * from shifted
)

select * from final
