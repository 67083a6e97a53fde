-- Grain: one row per edge of the event graph: (from_event, to_event): what may follow what. order_count
-- does not add up: it counts the orders whose timeline has both, the second not before the first.
with edges as (
    select * from {{ ref('event_edges') }}
),

walked as (
    select
        from_event,
        to_event,
        count(*) as order_count
    from {{ ref('int_event_edges__walked') }}
    group by
        from_event,
        to_event
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
