-- Grain: one row per (channel, aftersale_id). Additive: refund_amount_cny, over refunded cases alone.
with aftersales as (
    select * from {{ ref('int_aftersales__deduplicated') }}
),

absent as (
    select
        key_1 as channel,
        key_2 as aftersale_id,
        is_absent_since
    from {{ ref('int_rows__absent') }}
    where feed = 'aftersales'
),

final as (
    select
        aftersales.channel,
        aftersales.aftersale_id,
        aftersales.channel_order_id,
        aftersales.channel_line_id,
        aftersales.aftersale_type,
        aftersales.status_raw,
        aftersales.status,
        aftersales.reason,
        aftersales.refund_amount_cny,
        aftersales.requested_at,
        aftersales.deadline_at,
        aftersales.agreed_at,
        aftersales.returned_at,
        aftersales.refunded_at,
        aftersales.closed_at,
        aftersales.return_waybill_no,
        aftersales.extras,
        aftersales.source,
        aftersales.last_exported_at,
        absent.is_absent_since
    from aftersales
    left join absent
        on
            aftersales.channel = absent.channel
            and aftersales.aftersale_id = absent.aftersale_id
)

select * from final
