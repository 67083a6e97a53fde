-- Grain: one row per (rule_code, record_key): where orders and master data do not meet: channel codes that no
-- list knows, districts that a carrier does not (or no longer) serve, channels without a default promise.
with skus as (
    select sku_code from {{ ref('int_skus__deduplicated') }}
),

orders as (
    select distinct
        joined.channel,
        joined.carrier,
        joined.paid_at,
        addresses.adcode
    from {{ ref('int_orders__joined') }} as joined
    left join {{ ref('int_addresses__current') }} as addresses
        on joined.receiver_address_token = addresses.address_token
    where joined.paid_at is not null
),

areas as (
    select * from {{ ref('int_carrier_areas__deduplicated') }}
),

unmapped as (
    select
        'channel_code_unmapped' as rule_code,
        'sku_alias' as entity,
        order_lines.channel || '/' || coalesce(order_lines.shop_id, '') || '/'
        || order_lines.channel_sku_code as record_key,
        'not_listed' as reason_code,
        max(order_lines.channel_sku_code) as value,
        cast(null as {{ dbt.type_string() }}) as adcode,
        'alias' as touch_by
    from {{ ref('int_orders__lines') }} as order_lines
    left join skus
        on order_lines.sku_code = skus.sku_code
    where
        order_lines.channel_sku_code is not null
        and skus.sku_code is null
        and exists (select any_sku.sku_code from skus as any_sku)
    group by
        order_lines.channel,
        order_lines.shop_id,
        order_lines.channel_sku_code
),

routes as (
    select
        orders.carrier,
        orders.adcode,
        orders.paid_at,
        bool_or(areas.carrier is not null) as is_listed,
        bool_or(
            areas.carrier is not null
            and coalesce(areas.valid_from <= orders.paid_at, true)
            and coalesce(areas.valid_to > orders.paid_at, true)
        ) as is_served
    from orders
    left join areas
        on
            orders.carrier = areas.carrier
            and areas.adcode in (
                orders.adcode,
                substr(orders.adcode, 1, 4) || '00',
                substr(orders.adcode, 1, 2) || '0000'
            )
    where
        orders.adcode not like '%00'
        and orders.carrier in (select listed.carrier from areas as listed)
    group by
        orders.carrier,
        orders.adcode,
        orders.paid_at
),

unserved as (
    select
        case when bool_or(is_listed) then 'carrier_area_closed' else 'carrier_area_hole' end
            as rule_code,
        'carrier' as entity,
        carrier || '/' || adcode || '/' as record_key,
        case when bool_or(is_listed) then 'closed' else 'never_listed' end as reason_code,
        adcode as value,
        adcode,
        'carrier' as touch_by
    from routes
    where not is_served
    group by
        carrier,
        adcode
),

unpromised as (
    select
        'rule_promise_missing' as rule_code,
        'rule' as entity,
        'default_promises/' || orders.channel as record_key,
        'not_listed' as reason_code,
        orders.channel as value,
        cast(null as {{ dbt.type_string() }}) as adcode,
        'channel' as touch_by
    from orders
    left join {{ ref('default_promises') }} as promises
        on
            promises.channel in (orders.channel, '*')
            and cast(orders.paid_at as date) between promises.valid_from and promises.valid_to
    where promises.channel is null
    group by orders.channel
),

final as (
    select * from unmapped
    union all
    select * from unserved
    union all
    select * from unpromised
)

select * from final
