-- Grain: one row per piece of evidence that dates an event, as it was told: a time column, an event that
-- was pushed (event_id), a node of a parcel, or a trace of it elsewhere.
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with final as (
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
    from {{ retold(ref('int_order_events__deduplicated')) }}
    union all
    select
        'track' as evidence,
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        occurred_at,
        received_at,
        {{ no_text }} as event_id,
        {{ no_text }} as source_system
    from {{ ref('int_order_events__tracked') }}
    union all
    select
        evidence,
        channel,
        channel_order_id,
        {{ no_text }} as channel_line_id,
        event_code,
        occurred_at,
        cast(null as timestamp) as received_at,
        {{ no_text }} as event_id,
        {{ no_text }} as source_system
    from {{ retold(ref('int_order_events__traced')) }}
)

select * from final
