-- Grain: one row per order that identity knows: (channel, channel_order_id): whose it is, and who
-- receives it. Where several sources export one order, they name one customer; the least id is
-- taken if they do not.
with members as (
    select
        channel,
        source_record_id,
        role,
        customer_id
    from {{ ref('stg_members') }}
    where record_kind = 'order'
),

store_ids as (
    select * from {{ ref('int_orders__store_ids') }}
),

final as (
    select
        members.channel,
        coalesce(store_ids.channel_order_id, members.source_record_id) as channel_order_id,
        min(case when members.role = 'owner' then members.customer_id end) as customer_id,
        min(case when members.role = 'recipient' then members.customer_id end)
            as recipient_customer_id
    from members
    left join store_ids
        on
            members.channel = store_ids.channel
            and members.source_record_id = store_ids.raw_channel_order_id
    group by
        members.channel,
        coalesce(store_ids.channel_order_id, members.source_record_id)
)

select * from final
