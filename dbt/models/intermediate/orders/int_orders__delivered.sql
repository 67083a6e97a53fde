-- Grain: one row per order with a parcel: (channel, channel_order_id). All of its parcels must be
-- scanned, or signed for, before the order is.
with waybills as (
    select * from {{ touched(ref('int_orders__waybills')) }}
),

tracked as (
    select * from {{ ref('int_waybills__tracked') }}
),

final as (
    select
        waybills.channel,
        waybills.channel_order_id,
        count(*) as waybill_count,
        case when count(tracked.first_scan_at) = count(*) then max(tracked.first_scan_at) end
            as picked_up_at,
        case when count(tracked.signed_at) = count(*) then max(tracked.signed_at) end as signed_at,
        count_if(tracked.first_scan_at is not null) as tracked_waybill_count
    from waybills
    left join tracked
        on waybills.waybill_no = tracked.waybill_no
    group by
        waybills.channel,
        waybills.channel_order_id
)

select * from final
