-- Grain: one row per service on an order: (channel, channel_order_id, item_code), its newest state, and
-- when it was first shown done: the feed has no time of its own for that.
with newest as (
    {{ newest_by_column(
        ref('stg_service_items'),
        ['channel', 'channel_order_id', 'item_code'],
        ['required_by', 'resource_type', 'status'],
    ) }}
),

states as (
    select * from {{ ref('service_item_states') }}
),

shown_done as (
    select
        items.channel,
        items.channel_order_id,
        items.item_code,
        min(items.exported_at) as first_shown_done_at
    from {{ ref('stg_service_items') }} as items
    inner join states
        on lower(items.status) = states.status
    where states.is_done
    group by
        items.channel,
        items.channel_order_id,
        items.item_code
),

final as (
    select
        newest.channel,
        newest.channel_order_id,
        newest.item_code,
        newest.required_by,
        newest.resource_type,
        newest.status,
        case when coalesce(states.is_done, false) then shown_done.first_shown_done_at end
            as done_at,
        coalesce(states.is_cancelled, false) as is_cancelled
    from newest
    left join states
        on lower(newest.status) = states.status
    left join shown_done
        on
            newest.channel = shown_done.channel
            and newest.channel_order_id = shown_done.channel_order_id
            and newest.item_code = shown_done.item_code
)

select * from final
