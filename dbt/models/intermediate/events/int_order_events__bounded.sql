-- Grain: one row per change of state that tells of an event, and of when it happened only between
-- which exports: (channel, channel_order_id, channel_line_id, event_code, occurred_after,
-- occurred_before). What a first export shows and dates is left to the time column; a step back is no
-- second payment or shipment. A state may presuppose an event that the state before did not tell of;
-- a flag or an address that differs between exports tells of one, too.
with shown as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        subject,
        from_state,
        to_state,
        event_code,
        occurred_at,
        occurred_after,
        occurred_before,
        is_backward
    from {{ retold(ref('int_order_events__state_changes')) }}
),

state_codes as (
    select * from {{ ref('state_events') }}
),

changes as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        occurred_at,
        occurred_after,
        occurred_before,
        is_backward
    from shown
    where
        event_code is not null
        and (occurred_at is null or occurred_after is not null)
    union all
    select
        shown.channel,
        shown.channel_order_id,
        shown.channel_line_id,
        state_codes.event_code,
        cast(null as timestamp) as occurred_at,
        shown.occurred_after,
        shown.occurred_before,
        shown.is_backward
    from shown
    inner join state_codes
        on
            shown.subject = state_codes.subject
            and shown.to_state = state_codes.state
            and state_codes.is_presupposed
    left join state_codes as codes_before
        on
            shown.subject = codes_before.subject
            and shown.from_state = codes_before.state
            and state_codes.event_code = codes_before.event_code
    where codes_before.event_code is null
    union all
    select
        channel,
        channel_order_id,
        cast(null as {{ dbt.type_string() }}) as channel_line_id,
        event_code,
        cast(null as timestamp) as occurred_at,
        occurred_after,
        occurred_before,
        false as is_backward
    from {{ ref('int_order_events__differences') }}
),

-- A copy may number the lines in its own way: a line that the order has not is the order.
order_lines as (
    select
        order_lines.channel,
        order_lines.channel_order_id,
        order_lines.channel_line_id,
        joined.line_count
    from {{ retold(ref('int_orders__lines')) }} as order_lines
    inner join {{ retold(ref('int_orders__joined')) }} as joined
        on
            order_lines.channel = joined.channel
            and order_lines.channel_order_id = joined.channel_order_id
    where joined.line_count > 1
),

final as (
    select
        changes.channel,
        changes.channel_order_id,
        case when codes.occurs <> 'once' then order_lines.channel_line_id end as channel_line_id,
        changes.event_code,
        changes.occurred_at,
        changes.occurred_after,
        changes.occurred_before,
        codes.occurs,
        order_lines.line_count
    from changes
    inner join {{ ref('event_codes') }} as codes
        on
            changes.event_code = codes.event_code
            and cast(changes.occurred_before as date) between codes.valid_from and codes.valid_to
    left join order_lines
        on
            changes.channel = order_lines.channel
            and changes.channel_order_id = order_lines.channel_order_id
            and changes.channel_line_id = order_lines.channel_line_id
    where not changes.is_backward or codes.occurs = 'repeatedly'
)

select * from final
