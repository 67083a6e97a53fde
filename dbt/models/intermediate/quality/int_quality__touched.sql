-- Grain: one row per (finding_id, channel, channel_order_id): the orders that a finding touches. A spelling
-- touches those addresses alone that are not written as they are called.
with found as (
    select
        finding_id,
        touch_by,
        touch_key
    from {{ ref('int_quality__found') }}
),

orders as (
    select
        joined.channel,
        joined.channel_order_id,
        joined.store_id,
        joined.carrier,
        sliced.warehouse,
        sent.warehouse_code as sent_from,
        sliced.customer_id,
        addresses.address_token,
        addresses.adcode,
        case
            when coalesce(addresses.district, '') <> coalesce(addresses.district_written, '')
                then addresses.adcode
        end as spelt_district,
        case
            when coalesce(addresses.province, '') <> coalesce(addresses.province_written, '')
                then substr(addresses.adcode, 1, 2) || '0000'
        end as spelt_province
    from {{ ref('int_orders__joined') }} as joined
    left join {{ ref('int_orders__sliced') }} as sliced
        on
            joined.channel = sliced.channel
            and joined.channel_order_id = sliced.channel_order_id
    left join {{ ref('int_orders__provinces') }} as sent
        on
            joined.channel = sent.channel
            and joined.channel_order_id = sent.channel_order_id
    left join {{ ref('int_addresses__current') }} as addresses
        on joined.receiver_address_token = addresses.address_token
),

phones as (
    select distinct
        shown.phone_token,
        known.customer_id
    from {{ ref('stg_customer_records') }} as shown
    inner join {{ ref('int_customers__records') }} as known
        on
            shown.source = known.source
            and shown.source_record_id = known.source_record_id
    where known.role = 'owner'
),

keyed as (
    {% for by, key in [
        ('address', 'address_token'), ('district', 'spelt_district'),
        ('province', 'spelt_province'),
        ('place', 'store_id'), ('place', 'warehouse'), ('place', 'sent_from'),
        ('carrier', "carrier || '/' || adcode || '/'"), ('customer', 'customer_id'),
        ('channel', 'channel'),
    ] %}
        select
            '{{ by }}' as touch_by,
            {{ key }} as touch_key,
            channel,
            channel_order_id
        from orders
        union all
    {% endfor %}
    select
        'phone' as touch_by,
        phones.phone_token as touch_key,
        orders.channel,
        orders.channel_order_id
    from orders
    inner join phones
        on orders.customer_id = phones.customer_id
    union all
    select
        'sku' as touch_by,
        sku_code as touch_key,
        channel,
        channel_order_id
    from {{ ref('int_orders__lines') }}
    union all
    select
        'alias' as touch_by,
        channel || '/' || coalesce(shop_id, '') || '/' || channel_sku_code as touch_key,
        channel,
        channel_order_id
    from {{ ref('int_orders__lines') }}
),

final as (
    select distinct
        found.finding_id,
        keyed.channel,
        keyed.channel_order_id
    from found
    inner join keyed
        on
            found.touch_by = keyed.touch_by
            and found.touch_key = keyed.touch_key
)

select * from final
