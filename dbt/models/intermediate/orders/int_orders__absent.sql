-- Grain: one row per order that its source's whole export no longer shows: (channel,
-- channel_order_id): its order row, or all of its lines.
with absent as (
    select
        key_1 as channel,
        key_2 as channel_order_id,
        key_3 as channel_line_id,
        is_absent_since
    from {{ ref('int_rows__absent') }}
    where feed = 'orders'
),

orders as (
    select
        channel,
        channel_order_id,
        line_count
    from {{ ref('int_orders__joined') }}
),

counted as (
    select
        channel,
        channel_order_id,
        max(case when channel_line_id is null then is_absent_since end) as row_absent_since,
        max(is_absent_since) as last_absent_since,
        count(channel_line_id) as absent_line_count
    from absent
    group by
        channel,
        channel_order_id
),

final as (
    select
        counted.channel,
        counted.channel_order_id,
        coalesce(counted.row_absent_since, counted.last_absent_since) as is_absent_since
    from counted
    inner join orders
        on
            counted.channel = orders.channel
            and counted.channel_order_id = orders.channel_order_id
    where
        counted.row_absent_since is not null
        or counted.absent_line_count >= orders.line_count
)

select * from final
