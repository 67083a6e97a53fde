-- Grain: one row per order that was refunded in full: (channel, channel_order_id), and when.
-- By amounts where after-sale cases show them; else when every line shows a finished refund.
with cases as (
    select
        channel,
        channel_order_id,
        aftersale_id,
        refund_amount_cny,
        refunded_at
    from {{ touched(ref('int_aftersales__deduplicated')) }}
    where
        refunded_at <= {{ as_of() }}
        and coalesce(status, 'refunded') not in (
            'rejected', 'closed', 'failed', 'none', 'requested'
        )
),

orders as (
    select * from {{ touched(ref('int_orders__joined')) }}
),

running as (
    select
        channel,
        channel_order_id,
        refunded_at,
        sum(refund_amount_cny) over (
            partition by channel, channel_order_id
            order by refunded_at asc nulls last, aftersale_id asc nulls last
            rows between unbounded preceding and current row
        ) as refunded_so_far_cny
    from cases
),

by_amount as (
    select
        orders.channel,
        orders.channel_order_id,
        min(case
            when
                running.refunded_so_far_cny >= orders.paid_amount_cny and orders.paid_amount_cny > 0
                then running.refunded_at
        end) as fully_refunded_at
    from orders
    inner join running
        on
            orders.channel = running.channel
            and orders.channel_order_id = running.channel_order_id
    group by
        orders.channel,
        orders.channel_order_id
),

final as (
    select
        orders.channel,
        orders.channel_order_id,
        case
            when by_amount.channel is not null then by_amount.fully_refunded_at
            when
                orders.refunded_line_count = orders.line_count
                or coalesce(orders.header_aftersale_status, '') = 'refunded'
                then coalesce(events_said.refunded_at, orders.last_line_shown_refunded_at)
        end as fully_refunded_at
    from orders
    left join by_amount
        on
            orders.channel = by_amount.channel
            and orders.channel_order_id = by_amount.channel_order_id
    left join {{ ref('int_orders__events_said') }} as events_said
        on
            orders.channel = events_said.channel
            and orders.channel_order_id = events_said.channel_order_id
)

select * from final
where fully_refunded_at is not null
