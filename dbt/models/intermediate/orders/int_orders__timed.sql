-- Grain: one row per (channel, channel_order_id): when it was paid, shipped, signed for and over,
-- as known at the cut-off. A shipping or closing that no column dates is dated by an event, else by
-- the first export showing it. While a line waits to be shipped, the parcels that were signed for are not
-- the whole order.
{{ kept(['channel', 'channel_order_id']) }}

{% set is_partly_shipped %}
(
    orders.live_line_count > 0
    and orders.shipped_line_count < orders.live_line_count
    and not orders.is_header_shipped
    and (orders.shipped_line_count > 0 or orders.status = 'partially_shipped')
)
{%- endset %}
with orders as (
    select * from {{ touched(ref('int_orders__joined')) }}
),

dated as (
    select
        orders.*,
        {{ known_at_cut_off('orders.paid_at') }} as known_paid_at,
        case
            when
                orders.live_line_count = 0
                then coalesce(orders.last_shipped_at, orders.header_shipped_at)
            when
                orders.shipped_line_count = orders.live_line_count
                then orders.last_live_line_shipped_at
            when
                orders.is_header_shipped
                then greatest(orders.header_shipped_at, orders.last_live_line_shipped_at)
            when {{ is_partly_shipped }} then null
            else orders.header_shipped_at
        end as column_shipped_at,
        orders.live_line_count > 0
        and (orders.shown_shipped_line_count = orders.live_line_count or orders.is_header_shipped)
            as is_shown_shipped,
        events_said.shipped_at as event_shipped_at,
        events_said.closed_at as event_closed_at,
        delivered.waybill_count,
        delivered.tracked_waybill_count,
        delivered.picked_up_at,
        case when {{ is_partly_shipped }} then null else delivered.signed_at end as track_signed_at,
        refunded.fully_refunded_at,
        first_shown.first_shown_cancelled_at as header_shown_cancelled_at,
        coalesce(first_shown.first_shown_shipped_at, orders.last_line_shown_shipped_at)
            as first_export_shipped_at
    from orders
    left join {{ touched(ref('int_orders__first_shown')) }} as first_shown
        on
            orders.channel = first_shown.channel
            and orders.channel_order_id = first_shown.channel_order_id
            and first_shown.grain = 'order'
    left join {{ ref('int_orders__events_said') }} as events_said
        on
            orders.channel = events_said.channel
            and orders.channel_order_id = events_said.channel_order_id
    left join {{ ref('int_orders__delivered') }} as delivered
        on
            orders.channel = delivered.channel
            and orders.channel_order_id = delivered.channel_order_id
    left join {{ ref('int_orders__refunded') }} as refunded
        on
            orders.channel = refunded.channel
            and orders.channel_order_id = refunded.channel_order_id
),

final as (
    select
        channel,
        channel_order_id,
        known_paid_at as paid_at,
        {{ known_at_cut_off(
            "coalesce(column_shipped_at, case when is_shown_shipped then "
            ~ "coalesce(event_shipped_at, first_export_shipped_at) end)"
        ) }} as shipped_at,
        {{ known_at_cut_off(
            "coalesce(first_line_shipped_at, header_shipped_at, case when is_shown_shipped"
            ~ " or status = 'partially_shipped' then event_shipped_at end)"
        ) }} as first_shipped_at,
        case
            when column_shipped_at is not null then 'column'
            when is_shown_shipped and event_shipped_at is not null then 'event'
            when is_shown_shipped then 'first_export'
        end as shipped_evidence,
        {{ known_at_cut_off('coalesce(track_signed_at, signed_at)') }} as signed_at,
        picked_up_at,
        waybill_count,
        tracked_waybill_count,
        case
            when is_cancelled
                then coalesce(
                    header_closed_at,
                    last_line_closed_at,
                    event_closed_at,
                    header_shown_cancelled_at,
                    last_line_shown_cancelled_at
                )
        end as closed_at,
        fully_refunded_at
    from dated
)

select
    *,
    least(closed_at, fully_refunded_at) as ended_at
from final
