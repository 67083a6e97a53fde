-- Grain: one row per order that a split or merge event names: (event_id, named_channel,
-- named_channel_order_id). The one place that reads these payloads.
{{ kept(['channel', 'channel_order_id']) }}

with events as (
    select
        event_id,
        channel,
        channel_order_id,
        first_exported_at,
        {{ json_text('payload', '$.action') }} as link_type,
        {{ explode_list(json_array_texts('payload', '$.orders')) }} as named_order
    from {{ touched(ref('int_order_events__deduplicated')) }}
    where event_code = 'order_split_merged'
),

final as (
    select distinct
        event_id,
        channel,
        channel_order_id,
        link_type,
        {{ json_text('named_order', '$.channel') }} as named_channel,
        {{ json_text('named_order', '$.channel_order_id') }} as named_channel_order_id,
        first_exported_at
    from events
)

select * from final
where
    link_type in ('merge', 'split')
    and named_channel_order_id <> ''
