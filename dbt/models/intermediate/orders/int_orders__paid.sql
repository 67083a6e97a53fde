-- Grain: one row per paid order that is not handed over at the till: (channel, channel_order_id): what
-- goes out as a parcel, with its times.
{{ kept(['channel', 'channel_order_id']) }}

with final as (
    select
        joined.channel,
        joined.channel_order_id,
        joined.receiver_address_token,
        joined.warehouse_code,
        joined.promised_delivery_at,
        joined.promised_ship_at,
        timed.paid_at,
        timed.shipped_at,
        timed.first_shipped_at,
        timed.shipped_evidence,
        timed.signed_at,
        timed.ended_at
    from {{ touched(ref('int_orders__joined')) }} as joined
    inner join {{ touched(ref('int_orders__timed')) }} as timed
        on
            joined.channel = timed.channel
            and joined.channel_order_id = timed.channel_order_id
    where
        timed.paid_at is not null
        and joined.channel <> 'pos'
)

select * from final
