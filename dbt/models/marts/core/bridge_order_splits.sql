-- Grain: one row per link between two orders: (link_type, parent_channel, parent_channel_order_id,
-- channel, channel_order_id). An order may be named that no file has exported.
with links as (
    select * from {{ ref('int_orders__links') }}
),

final as (
    select
        link_type,
        parent_channel,
        parent_channel_order_id,
        channel,
        channel_order_id,
        evidence,
        first_seen_at
    from links
)

select * from final
