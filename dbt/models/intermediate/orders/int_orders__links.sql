-- Grain: one row per link between two orders: (link_type, parent_channel, parent_channel_order_id,
-- channel, channel_order_id), with all that tells of it. A split goes from the order that was split to
-- a new one; a merge from the order that goes on (of a merge event the least of those named) to one
-- that goes into it.
with named as (
    select
        event_id,
        link_type,
        channel,
        channel_order_id,
        coalesce(named_channel, channel) as named_channel,
        named_channel_order_id,
        first_exported_at
    from {{ ref('int_order_events__merges') }}
),

parents as (
    select
        event_id,
        named_channel as parent_channel,
        named_channel_order_id as parent_channel_order_id
    from named
    where link_type = 'merge'
    qualify row_number() over (
        partition by event_id
        order by named_channel asc nulls last, named_channel_order_id asc nulls last
    ) = 1
),

told as (
    select
        named.link_type,
        coalesce(parents.parent_channel, named.channel) as parent_channel,
        coalesce(parents.parent_channel_order_id, named.channel_order_id)
            as parent_channel_order_id,
        named.named_channel as channel,
        named.named_channel_order_id as channel_order_id,
        'order_event' as evidence,
        named.first_exported_at as seen_at
    from named
    left join parents
        on named.event_id = parents.event_id
    union all
    select
        link_type,
        channel as parent_channel,
        parent_channel_order_id,
        channel,
        channel_order_id,
        evidence,
        seen_at
    from {{ ref('int_orders__links_exported') }}
),

-- Both ways of a merge are one link.
turned as (
    select
        *,
        link_type = 'merge'
        and parent_channel || '/' || parent_channel_order_id > channel || '/' || channel_order_id
            as is_turned
    from told
    where parent_channel <> channel or parent_channel_order_id <> channel_order_id
),

linked as (
    select
        link_type,
        case when is_turned then channel else parent_channel end as one_channel,
        case when is_turned then channel_order_id else parent_channel_order_id end as one_order_id,
        case when is_turned then parent_channel else channel end as other_channel,
        case when is_turned then parent_channel_order_id else channel_order_id end
            as other_order_id,
        evidence,
        seen_at,
        is_turned and evidence = 'merged_order_ids' as is_other_kept
    from turned
),

grouped as (
    select
        link_type,
        one_channel,
        one_order_id,
        other_channel,
        other_order_id,
        {{ sorted_values('evidence') }} as evidence,
        min(seen_at) as first_seen_at,
        bool_or(is_other_kept) as is_other_kept
    from linked
    group by
        link_type,
        one_channel,
        one_order_id,
        other_channel,
        other_order_id
),

final as (
    select
        link_type,
        case when is_other_kept then other_channel else one_channel end as parent_channel,
        case when is_other_kept then other_order_id else one_order_id end
            as parent_channel_order_id,
        case when is_other_kept then one_channel else other_channel end as channel,
        case when is_other_kept then one_order_id else other_order_id end as channel_order_id,
        evidence,
        first_seen_at
    from grouped
)

select * from final
