-- Grain: one row per order that is not handed over at the till: (channel, channel_order_id): the times of its
-- nine steps. Of steps that are told line by line the last line's counts; while a line waits to be shipped, the
-- parcels that left before are not the order's.
{{ kept(['channel', 'channel_order_id'], by='int_orders__retold') }}

with joined as (
    select * from {{ retold(ref('int_orders__joined')) }}
    where channel <> 'pos'
),

timed as (
    select * from {{ retold(ref('int_orders__timed')) }}
),

told as (
    select
        channel,
        channel_order_id,
        max(case when event_code = 'order_released_to_wms' then occurred_at end) as released_at,
        max(case when event_code = 'picking_completed' then occurred_at end) as picked_at,
        max(case when event_code = 'outbound_confirmed' then occurred_at end) as outbound_at
    from {{ touched(ref('int_order_events__timeline')) }}
    where event_code in ('order_released_to_wms', 'picking_completed', 'outbound_confirmed')
    group by
        channel,
        channel_order_id
),

final as (
    select
        joined.channel,
        joined.channel_order_id,
        {{ known_at_cut_off('joined.ordered_at') }} as ordered_at,
        timed.paid_at,
        told.released_at,
        told.picked_at,
        told.outbound_at,
        timed.shipped_at,
        case when timed.shipped_at is not null then timed.picked_up_at end as picked_up_at,
        timed.signed_at,
        {{ known_at_cut_off('joined.completed_at') }} as completed_at
    from joined
    inner join timed
        on
            joined.channel = timed.channel
            and joined.channel_order_id = timed.channel_order_id
    left join told
        on
            joined.channel = told.channel
            and joined.channel_order_id = told.channel_order_id
)

select * from final
