-- Grain: one row per (channel, aftersale_id). Additive: refund_amount_cny, over refunded cases alone.
with aftersales as (
    select * from {{ ref('int_aftersales__deduplicated') }}
),

final as (
    select
        channel,
        aftersale_id,
        channel_order_id,
        channel_line_id,
        aftersale_type,
        status_raw,
        status,
        reason,
        refund_amount_cny,
        requested_at,
        deadline_at,
        agreed_at,
        returned_at,
        refunded_at,
        closed_at,
        return_waybill_no,
        extras,
        source,
        last_exported_at
    from aftersales
)

select * from final
