-- Grain: one row per resource, day and what tells of its orders: (resource_code, load_date, basis). `ship_due`:
-- orders of a warehouse or store whose shipping fell due, and that were not over by then; `carrier`: orders that
-- left with a carrier, by its code or name; `offer`: new promises that name a resource and were accepted.
with carriers as (
    select
        resource_code,
        lower(resource_code) as carrier
    from {{ ref('int_resources__placed') }}
    where resource_type = 'carrier'
    union distinct
    select
        resource_code,
        lower(name) as carrier
    from {{ ref('int_resources__placed') }}
    where resource_type = 'carrier'
),

orders as (
    select
        'ship_due' as basis,
        assigned.resource_code,
        cast(promised.ship_due_at as date) as load_date
    from {{ ref('int_orders__assigned') }} as assigned
    inner join {{ ref('int_orders__promised') }} as promised
        on
            assigned.channel = promised.channel
            and assigned.channel_order_id = promised.channel_order_id
    where coalesce(promised.ended_at >= promised.ship_due_at, true)
    union all
    select
        'offer' as basis,
        resource_code,
        cast(promised_at as date) as load_date
    from {{ ref('int_sla_offers__judged') }}
    where is_accepted
    union all
    select
        'carrier' as basis,
        carriers.resource_code,
        cast(paid.first_shipped_at as date) as load_date
    from {{ ref('int_orders__paid') }} as paid
    inner join {{ ref('int_orders__joined') }} as joined
        on
            paid.channel = joined.channel
            and paid.channel_order_id = joined.channel_order_id
    inner join carriers
        on lower(joined.carrier) = carriers.carrier
),

final as (
    select
        basis,
        resource_code,
        load_date,
        count(*) as order_count
    from orders
    where load_date is not null
    group by
        basis,
        resource_code,
        load_date
)

select * from final
