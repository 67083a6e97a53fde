-- Grain: one row per piece of evidence that dates an event and is neither a time column nor a push:
-- (evidence, channel, channel_order_id, channel_line_id, event_code, occurred_at).
{% set no_line = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with final as (
    select
        'track' as evidence,
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        occurred_at,
        received_at
    from {{ ref('int_order_events__tracked') }}
    {% for evidence, relation, time in [
        ('stock_movement', 'int_order_events__booked', 'occurred_at'),
        ('ledger', 'int_order_events__charged', 'occurred_at'),
        ('suspicion', 'int_anomalies__suspected', 'detected_at'),
    ] %}
        union all
        select
            '{{ evidence }}' as evidence,
            channel,
            channel_order_id,
            {{ no_line }} as channel_line_id,
            event_code,
            {{ time }} as occurred_at,
            cast(null as timestamp) as received_at
        from {{ ref(relation) }}
    {% endfor %}
    union all
    select
        case when is_derived then 'suspicion' else 'case' end as evidence,
        channel,
        channel_order_id,
        {{ no_line }} as channel_line_id,
        event_code,
        detected_at as occurred_at,
        cast(null as timestamp) as received_at
    from {{ ref('int_anomalies__unioned') }}
)

select * from final
