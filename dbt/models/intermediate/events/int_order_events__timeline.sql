-- Grain: one row per event of an order: (channel, channel_order_id, channel_line_id, event_code,
-- occurred_at, occurred_after, occurred_before). What something dates, and beside it what only a change
-- of state tells: lines that changed between the same two exports as one order, a source that speaks of
-- the whole order only where none speaks of its lines.
{{ kept(['channel', 'channel_order_id'], by='int_orders__retold') }}

with occurred as (
    select * from {{ ref('int_order_events__occurred') }}
),

bounded as (
    select * from {{ ref('int_order_events__bounded') }}
),

undated as (
    select bounded.*
    from bounded
    left join occurred
        on
            bounded.channel = occurred.channel
            and bounded.channel_order_id = occurred.channel_order_id
            and bounded.event_code = occurred.event_code
            and coalesce(bounded.channel_line_id = occurred.channel_line_id, true)
            and (
                bounded.occurs <> 'repeatedly'
                or (
                    bounded.occurred_before >= occurred.occurred_at
                    and coalesce(bounded.occurred_after < occurred.occurred_at, true)
                )
            )
    where occurred.channel is null
),

told_apart as (
    select
        *,
        count(*) over (
            partition by
                channel, channel_order_id, event_code, occurred_after, occurred_before,
                channel_line_id is null
        ) as changed_line_count,
        count(channel_line_id) over (
            partition by channel, channel_order_id, event_code, occurred_before
        ) as told_line_count
    from undated
),

placed as (
    select
        channel,
        channel_order_id,
        case when changed_line_count < line_count then channel_line_id end as channel_line_id,
        event_code,
        occurred_at,
        occurred_after,
        occurred_before,
        case when occurs = 'repeatedly' then occurred_before end as told_at
    from told_apart
    where channel_line_id is not null or told_line_count = 0
),

final as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        occurred_at,
        cast(null as timestamp) as occurred_after,
        cast(null as timestamp) as occurred_before,
        received_at,
        evidence,
        event_id,
        source_system,
        not is_pushed as is_derived
    from occurred
    union all
    select
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        min(occurred_at) as occurred_at,
        min(occurred_after) as occurred_after,
        min(occurred_before) as occurred_before,
        cast(null as timestamp) as received_at,
        'state_change' as evidence,
        cast(null as {{ dbt.type_string() }}) as event_id,
        cast(null as {{ dbt.type_string() }}) as source_system,
        true as is_derived
    from placed
    group by
        channel,
        channel_order_id,
        channel_line_id,
        event_code,
        told_at
)

select * from final
