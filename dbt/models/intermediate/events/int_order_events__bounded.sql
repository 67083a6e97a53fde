-- Grain: one row per change of state that tells of an event, and of when it happened only between
-- which exports: (channel, channel_order_id, channel_line_id, event_code, occurred_after,
-- occurred_before). What a first export shows and dates is left to the time column; a step back is no
-- second payment or shipment.
with changes as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        occurred_at,
        occurred_after,
        occurred_before,
        is_backward
    from {{ ref('int_order_events__state_changes') }}
    where
        event_code is not null
        and (occurred_at is null or occurred_after is not null)
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
        changes.channel,
        changes.channel_order_id,
        case
            when codes.occurs <> 'once' and line_counts.line_count is not null
                then changes.channel_line_id
        end as channel_line_id,
        changes.event_code,
        changes.occurred_at,
        changes.occurred_after,
        changes.occurred_before,
        codes.occurs,
        line_counts.line_count
    from changes
    inner join {{ ref('event_codes') }} as codes
        on changes.event_code = codes.event_code
    left join line_counts
        on
            changes.channel_line_id is not null
            and changes.channel = line_counts.channel
            and changes.channel_order_id = line_counts.channel_order_id
    where not changes.is_backward or codes.occurs = 'repeatedly'
)

select * from final
