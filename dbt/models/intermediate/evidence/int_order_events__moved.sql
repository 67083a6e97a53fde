-- Grain: one row per change of an order's address between two exports of one source: (source, channel,
-- channel_order_id, occurred_before). Two ways of writing one address, where its key is known, are none.
with keys as (
    select
        address_token,
        coalesce(address_key_token, address_token) as place
    from {{ ref('int_addresses__current') }}
),

written as (
    select
        source,
        channel,
        channel_order_id,
        receiver_address_token,
        exported_at
    from {{ retold(ref('int_orders__exported')) }}
    where receiver_address_token is not null
),

several as (
    select
        source,
        channel,
        channel_order_id
    from written
    group by
        source,
        channel,
        channel_order_id
    having min(receiver_address_token) <> max(receiver_address_token)
),

shown as (
    select
        written.source,
        written.channel,
        written.channel_order_id,
        written.exported_at,
        max(coalesce(keys.place, written.receiver_address_token)) as place
    from written
    inner join several
        on
            written.source = several.source
            and written.channel = several.channel
            and written.channel_order_id = several.channel_order_id
    left join keys
        on written.receiver_address_token = keys.address_token
    group by
        written.source,
        written.channel,
        written.channel_order_id,
        written.exported_at
),

neighbours as (
    select
        *,
        lag(place) over exports as place_before,
        lag(exported_at) over exports as exported_before
    from shown
    window
        exports as (
            partition by source, channel, channel_order_id
            order by exported_at asc nulls last
        )
),

final as (
    select
        source,
        channel,
        channel_order_id,
        'address_changed' as event_code,
        exported_before as occurred_after,
        exported_at as occurred_before
    from neighbours
    where place <> place_before
)

select * from final
