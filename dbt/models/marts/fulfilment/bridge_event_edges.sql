-- Grain: one row per edge of the event graph: (from_event, to_event): what may follow what. order_count
-- does not add up: it counts the orders whose timeline has both, the second not before the first.
with edges as (
    select * from {{ ref('event_edges') }}
),

told as (
    select
        channel,
        channel_order_id,
        event_code,
        min(coalesce(occurred_at, occurred_before)) as first_at,
        max(coalesce(occurred_at, occurred_before)) as last_at
    from {{ ref('fct_order_events') }}
    group by
        channel,
        channel_order_id,
        event_code
),

walked as (
    select
        edges.from_event,
        edges.to_event,
        count(*) as order_count
    from told as earlier
    inner join edges
        on earlier.event_code = edges.from_event
    inner join told as later
        on
            earlier.channel = later.channel
            and earlier.channel_order_id = later.channel_order_id
            and edges.to_event = later.event_code
            and earlier.first_at <= later.last_at
    group by
        edges.from_event,
        edges.to_event
),

final as (
    select
        edges.from_event,
        edges.to_event,
        edges.edge_kind,
        cast(coalesce(walked.order_count, 0) as bigint) as order_count
    from edges
    left join walked
        on
            edges.from_event = walked.from_event
            and edges.to_event = walked.to_event
)

select * from final
