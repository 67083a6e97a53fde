-- Grain: one row per clause of an order that its assigned resource cannot keep, and why: (channel,
-- channel_order_id, clause_code, conflict_code). What nobody says of a resource (no zones, no radius, no
-- capacity) is no conflict.
with assigned as (
    select * from {{ ref('int_orders__assigned') }}
),

promised as (
    select
        channel,
        channel_order_id,
        promised_delivery_at
    from {{ ref('int_orders__promised') }}
),

items as (
    select
        channel,
        channel_order_id
    from {{ ref('int_service_items__judged') }}
    where
        item_code = 'installation'
        and not is_cancelled
),

queued as (
    select * from {{ ref('int_orders__queued') }}
),

final as (
    select
        channel,
        channel_order_id,
        'cold_chain' as clause_code,
        'wrong_temperature' as conflict_code,
        resource_code,
        temperature_needed as needed,
        temperature_zones as offered
    from assigned
    where
        temperature_needed is not null
        and not {{ lists_word('temperature_zones', 'temperature_needed') }}
    union all
    select
        channel,
        channel_order_id,
        case delivery_method when 'pickup' then 'pick_up' else 'same_day' end as clause_code,
        'other_city' as conflict_code,
        resource_code,
        adcode as needed,
        resource_adcode as offered
    from assigned
    where
        delivery_method in ('pickup', 'same_day')
        and substr(adcode, 1, 4) <> substr(resource_adcode, 1, 4)
    union all
    select
        assigned.channel,
        assigned.channel_order_id,
        case
            when assigned.delivery_method = 'pickup' then 'pick_up'
            when assigned.delivery_method = 'same_day' then 'same_day'
            when promised.promised_delivery_at is not null then 'deliver_by'
            else 'ship_by'
        end as clause_code,
        'outside_radius' as conflict_code,
        assigned.resource_code,
        cast(cast(assigned.distance_km as decimal(9, 1)) as {{ dbt.type_string() }}) || ' km'
            as needed,
        cast(cast(assigned.service_radius_km as decimal(9, 1)) as {{ dbt.type_string() }})
        || ' km' as offered
    from assigned
    inner join promised
        on
            assigned.channel = promised.channel
            and assigned.channel_order_id = promised.channel_order_id
    where assigned.distance_km > assigned.service_radius_km
    union all
    select
        channel,
        channel_order_id,
        'ship_by' as clause_code,
        'over_capacity' as conflict_code,
        resource_code,
        cast(queue_no as {{ dbt.type_string() }}) as needed,
        cast(cast(capacity_per_day as bigint) as {{ dbt.type_string() }}) as offered
    from queued
    where queue_no > capacity_per_day
    union all
    select
        assigned.channel,
        assigned.channel_order_id,
        'installation' as clause_code,
        'nobody_assigned' as conflict_code,
        assigned.resource_code,
        'installation' as needed,
        cast(null as {{ dbt.type_string() }}) as offered
    from assigned
    left join items
        on
            assigned.channel = items.channel
            and assigned.channel_order_id = items.channel_order_id
    where
        assigned.delivery_method = 'installation'
        and items.channel_order_id is null
)

select * from final
