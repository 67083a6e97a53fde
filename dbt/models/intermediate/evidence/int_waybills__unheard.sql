-- Grain: one row per order whose pick-up timed out and of whose parcels no track of any kind told by
-- then, while tracks of other parcels came in later: (channel, channel_order_id).
with timeouts as (
    select
        channel,
        channel_order_id,
        detected_at
    from {{ ref('int_anomalies__derived') }}
    where event_code = 'pickup_timeout'
),

waybills as (
    select * from {{ ref('int_orders__waybills') }}
),

heard as (
    select
        waybill_no,
        min(node_at) as first_node_at
    from {{ ref('int_tracks__deduplicated') }}
    group by waybill_no
),

newest as (
    select max(first_node_at) as newest_node_at from heard
),

final as (
    select
        timeouts.channel,
        timeouts.channel_order_id,
        timeouts.detected_at
    from timeouts
    inner join waybills
        on
            timeouts.channel = waybills.channel
            and timeouts.channel_order_id = waybills.channel_order_id
    inner join newest
        on timeouts.detected_at < newest.newest_node_at
    left join heard
        on waybills.waybill_no = heard.waybill_no
    group by
        timeouts.channel,
        timeouts.channel_order_id,
        timeouts.detected_at
    having count_if(heard.first_node_at <= timeouts.detected_at) = 0
)

select * from final
