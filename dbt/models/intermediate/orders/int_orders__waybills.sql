-- Grain: one row per (channel, channel_order_id, waybill_no): the parcels of an order's lines that
-- still stand.
with line_waybills as (
    select
        channel,
        channel_order_id,
        upper(waybill_no) as waybill_no
    from {{ ref('int_orders__lines') }}
    where
        waybill_no is not null
        and (not is_cancelled or shipped_at is not null)
),

header_waybills as (
    select
        headers.channel,
        headers.channel_order_id,
        upper(headers.waybill_no) as waybill_no
    from {{ ref('int_orders__header_states') }} as headers
    left join line_waybills
        on
            headers.channel = line_waybills.channel
            and headers.channel_order_id = line_waybills.channel_order_id
    where
        headers.waybill_no is not null
        and line_waybills.channel_order_id is null
),

final as (
    select * from line_waybills
    union distinct
    select * from header_waybills
)

select * from final
