-- Grain: one row per (channel, channel_order_id, waybill_no): the parcels of an order's lines that
-- still stand, else of its order row, else of a copy.
{{ kept(['channel', 'channel_order_id']) }}

with line_waybills as (
    select
        channel,
        channel_order_id,
        upper(waybill_no) as waybill_no
    from {{ touched(ref('int_orders__lines')) }}
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

shown_waybills as (
    select * from line_waybills
    union distinct
    select * from header_waybills
),

copied_waybills as (
    select
        copied.channel,
        copied.channel_order_id,
        upper(copied.waybill_no) as waybill_no
    from {{ ref('int_orders__copied') }} as copied
    left join shown_waybills
        on
            copied.channel = shown_waybills.channel
            and copied.channel_order_id = shown_waybills.channel_order_id
    where
        copied.waybill_no is not null
        and coalesce(copied.status, '') not in ('merged', 'split', 'cancelled')
        and shown_waybills.channel_order_id is null
),

final as (
    select * from shown_waybills
    union distinct
    select * from copied_waybills
)

select * from final
