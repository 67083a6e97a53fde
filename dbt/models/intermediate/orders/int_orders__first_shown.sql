-- Grain: one row per exported order or line: (channel, channel_order_id, channel_line_id), the line
-- id null for order-grain rows: when an export first showed it over, refunded, shipped,
-- or at its receiver's.
{{ kept(['channel', 'channel_order_id']) }}

with exported as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        case grain when 'copy' then 'line' else grain end as grain,
        status,
        aftersale_status,
        exported_at
    from {{ touched(ref('int_orders__exported')) }}
),

states as (
    select
        status,
        is_cancelled,
        is_shipped
    from {{ ref('order_states') }}
),

final as (
    select
        exported.channel,
        exported.channel_order_id,
        exported.channel_line_id,
        exported.grain,
        min(case when states.is_cancelled then exported.exported_at end)
            as first_shown_cancelled_at,
        min(case when exported.aftersale_status = 'refunded' then exported.exported_at end)
            as first_shown_refunded_at,
        min(case when states.is_shipped then exported.exported_at end) as first_shown_shipped_at,
        min(case when exported.status in ('signed', 'completed') then exported.exported_at end)
            as first_shown_received_at
    from exported
    left join states
        on exported.status = states.status
    group by
        exported.channel,
        exported.channel_order_id,
        exported.channel_line_id,
        exported.grain
)

select * from final
