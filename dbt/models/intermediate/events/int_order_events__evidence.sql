-- Grain: one row per piece of evidence that dates an event: a time column, or an event that was pushed
-- (event_id). channel_line_id is null where the whole order is meant: always for an event that an
-- order has once, and in an order of one line. A code that the catalogue does not know occurs
-- repeatedly.
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with told as (
    select
        'time_column' as evidence,
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        occurred_at,
        cast(null as timestamp) as received_at,
        {{ no_text }} as event_id,
        {{ no_text }} as source_system
    from {{ ref('int_order_events__time_columns') }}
    union all
    select
        'pushed_event' as evidence,
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        occurred_at,
        received_at,
        event_id,
        source_system
    from {{ ref('int_order_events__deduplicated') }}
),

line_counts as (
    select
        channel,
        channel_order_id,
        line_count
    from {{ ref('int_orders__joined') }}
    where line_count > 1
),

final as (
    select
        told.evidence,
        told.channel,
        told.channel_order_id,
        case
            when
                coalesce(codes.occurs, 'repeatedly') <> 'once'
                and line_counts.line_count is not null
                then told.channel_line_id
        end as channel_line_id,
        told.event_code,
        told.occurred_at,
        told.received_at,
        told.event_id,
        told.source_system,
        coalesce(codes.occurs, 'repeatedly') as occurs,
        coalesce(codes.same_within_minutes, 0) * 60 as same_within_seconds
    from told
    left join {{ ref('event_codes') }} as codes
        on told.event_code = codes.event_code
    left join line_counts
        on
            told.channel_line_id is not null
            and told.channel = line_counts.channel
            and told.channel_order_id = line_counts.channel_order_id
)

select * from final
