-- Grain: one row per record and role that identity knows, till receipts under their store's code.
with members as (
    select * from {{ ref('stg_members') }}
),

store_ids as (
    select
        channel,
        raw_channel_order_id,
        channel_order_id
    from {{ ref('int_orders__store_ids') }}
),

final as (
    select
        members.source,
        members.channel,
        coalesce(store_ids.channel_order_id, members.source_record_id) as source_record_id,
        members.role,
        members.record_kind,
        members.touchpoint,
        members.customer_id,
        members.occurred_at
    from members
    left join store_ids
        on
            members.record_kind = 'order'
            and members.channel = store_ids.channel
            and members.source_record_id = store_ids.raw_channel_order_id
)

select * from final
