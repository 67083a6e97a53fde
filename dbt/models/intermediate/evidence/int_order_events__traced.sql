-- Grain: one row per piece of evidence of the whole order that dates an event and stands in no export of the
-- order, push or track: (evidence, channel, channel_order_id, event_code, occurred_at).
with final as (
    {% for evidence, relation, time in [
        ('stock_movement', 'int_order_events__booked', 'occurred_at'),
        ('ledger', 'int_order_events__charged', 'occurred_at'),
        ('suspicion', 'int_anomalies__suspected', 'detected_at'),
    ] %}
        select
            '{{ evidence }}' as evidence,
            channel,
            channel_order_id,
            event_code,
            {{ time }} as occurred_at
        from {{ ref(relation) }}
        union all
    {% endfor %}
    select
        case when is_derived then 'suspicion' else 'case' end as evidence,
        channel,
        channel_order_id,
        event_code,
        detected_at as occurred_at
    from {{ ref('int_anomalies__unioned') }}
)

select * from final
