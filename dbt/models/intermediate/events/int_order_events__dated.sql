-- Grain: one row per piece of evidence that dates an event, as in int_order_events__evidence; what is
-- said of the whole order while its lines are told apart is said of the line nearest in time: within
-- the time that makes two things one; of a column of the order, which knows no lines, in any case.
with scoped as (
    select * from {{ ref('int_order_events__evidence') }}
),

of_lines as (
    select distinct
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        occurred_at
    from scoped
    where channel_line_id is not null
),

nearest as (
    select
        scoped.channel,
        scoped.channel_order_id,
        scoped.event_code,
        scoped.occurred_at,
        of_lines.channel_line_id
    from scoped
    inner join of_lines
        on
            scoped.channel = of_lines.channel
            and scoped.channel_order_id = of_lines.channel_order_id
            and scoped.event_code = of_lines.event_code
            and (
                abs({{ seconds_between('scoped.occurred_at', 'of_lines.occurred_at') }})
                <= scoped.same_within_seconds
                or (scoped.occurs = 'per_line' and scoped.evidence = 'time_column')
            )
    where scoped.channel_line_id is null
    qualify row_number() over (
        partition by
            scoped.channel, scoped.channel_order_id, scoped.event_code, scoped.occurred_at
        order by
            abs({{ seconds_between('scoped.occurred_at', 'of_lines.occurred_at') }}) asc nulls last,
            of_lines.channel_line_id asc nulls last
    ) = 1
),

final as (
    select
        scoped.evidence,
        scoped.evidence_rank,
        scoped.channel,
        scoped.channel_order_id,
        coalesce(scoped.channel_line_id, nearest.channel_line_id) as channel_line_id,
        scoped.event_code,
        scoped.occurred_at,
        scoped.received_at,
        scoped.event_id,
        scoped.source_system,
        scoped.occurs,
        scoped.same_within_seconds
    from scoped
    left join nearest
        on
            scoped.channel_line_id is null
            and scoped.channel = nearest.channel
            and scoped.channel_order_id = nearest.channel_order_id
            and scoped.event_code = nearest.event_code
            and scoped.occurred_at = nearest.occurred_at
)

select * from final
