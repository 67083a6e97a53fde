-- Grain: one row per order with lines: (channel, channel_order_id): what its lines say together.
with lines as (
    select
        *,
        not is_cancelled as is_live
    from {{ touched(ref('int_orders__lines')) }}
),

final as (
    select
        channel,
        channel_order_id,
        count(*) as line_count,
        count_if(is_live) as live_line_count,
        count_if(is_live and shipped_at is not null) as shipped_line_count,
        count_if(is_live and is_shown_shipped) as shown_shipped_line_count,
        count_if(coalesce(aftersale_status, '') = 'refunded') as refunded_line_count,
        min(shipped_at) as first_line_shipped_at,
        max(shipped_at) as last_shipped_at,
        max(case when is_live then shipped_at end) as last_live_line_shipped_at,
        max(case when is_live then first_shown_shipped_at end) as last_line_shown_shipped_at,
        max(case when not is_live then closed_at end) as last_line_closed_at,
        max(
            case
                when not is_live then coalesce(first_shown_cancelled_at, first_shown_refunded_at)
            end
        )
            as last_line_shown_cancelled_at,
        max(first_shown_refunded_at) as last_line_shown_refunded_at,
        min(case when is_live then progress_rank end) as least_live_rank,
        max(case when is_live then progress_rank end) as greatest_live_rank,
        min(progress_rank) as least_rank,
        sum(quantity) as quantity,
        sum(paid_share_cny) as paid_share_cny,
        sum(line_amount_cny) as line_amount_cny
    from lines
    group by
        channel,
        channel_order_id
)

select * from final
