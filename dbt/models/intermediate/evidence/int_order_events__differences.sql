-- Grain: one row per event that a difference between two exports of one source tells of, beside changes
-- of state, and of each end of a split or merge that exports show and no event told: (source, channel,
-- channel_order_id, event_code, occurred_before).
with linked as (
    select * from {{ ref('int_orders__links') }}
    where evidence not like '%order_event%'
),

linked_ends as (
    select
        evidence as source,
        parent_channel as channel,
        parent_channel_order_id as channel_order_id,
        first_seen_at as occurred_before
    from linked
    union all
    select
        evidence as source,
        channel,
        channel_order_id,
        first_seen_at as occurred_before
    from linked
),

final as (
    select
        source,
        channel,
        channel_order_id,
        event_code,
        occurred_after,
        occurred_before
    from {{ ref('int_order_events__flagged') }}
    union all
    select
        source,
        channel,
        channel_order_id,
        event_code,
        occurred_after,
        occurred_before
    from {{ ref('int_order_events__moved') }}
    union all
    select
        source,
        channel,
        channel_order_id,
        'order_split_merged' as event_code,
        cast(null as timestamp) as occurred_after,
        occurred_before
    from {{ retold('linked_ends') }}
)

select * from final
