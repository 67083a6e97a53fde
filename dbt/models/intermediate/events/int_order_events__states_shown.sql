-- Grain: one row per state that an export shows of an order, a line or an after-sale case, `unknown`
-- being none: (source, channel, channel_order_id, channel_line_id, aftersale_id, subject,
-- version_no), with the time that a column of the row itself gives for that state.
{% set times_of_states = {
    'paid_pending_ship': 'paid_at', 'shipped': 'shipped_at', 'signed': 'signed_at',
    'completed': 'completed_at', 'closed': 'closed_at', 'cancelled': 'closed_at',
    'closed_unpaid': 'closed_at',
} %}
with orders as (
    select
        source,
        channel,
        channel_order_id,
        channel_line_id,
        status,
        aftersale_status,
        paid_at,
        shipped_at,
        signed_at,
        completed_at,
        closed_at,
        batch_id,
        source_line,
        exported_at
    from {{ touched(ref('int_orders__exported')) }}
),

-- Most orders never have an after-sale case: what has none at all changes nothing.
with_aftersales as (
    select distinct
        channel,
        channel_order_id
    from orders
    where aftersale_status not in ('none', 'unknown')
),

aftersales as (
    select * from {{ touched(ref('stg_aftersales')) }}
),

states as (
    select
        source,
        channel,
        channel_order_id,
        channel_line_id,
        cast(null as {{ dbt.type_string() }}) as aftersale_id,
        'status' as subject,
        status as state,
        case status
            {% for state, time_column in times_of_states.items() %}
                when '{{ state }}' then {{ time_column }}
            {% endfor %}
        end as state_at,
        paid_at is null as is_unpaid,
        batch_id,
        source_line,
        exported_at
    from orders
    where status <> 'unknown'
    union all
    select
        orders.source,
        orders.channel,
        orders.channel_order_id,
        orders.channel_line_id,
        cast(null as {{ dbt.type_string() }}) as aftersale_id,
        'aftersale_status' as subject,
        orders.aftersale_status as state,
        cast(null as timestamp) as state_at,
        false as is_unpaid,
        orders.batch_id,
        orders.source_line,
        orders.exported_at
    from orders
    inner join with_aftersales
        on
            orders.channel = with_aftersales.channel
            and orders.channel_order_id = with_aftersales.channel_order_id
    where orders.aftersale_status <> 'unknown'
    union all
    select
        source,
        channel,
        channel_order_id,
        channel_line_id,
        aftersale_id,
        'aftersale_status' as subject,
        status as state,
        case status when 'requested' then requested_at when 'refunded' then refunded_at end
            as state_at,
        false as is_unpaid,
        batch_id,
        source_line,
        exported_at
    from aftersales
    where status <> 'unknown'
),

final as (
    select
        states.source,
        states.channel,
        states.channel_order_id,
        states.channel_line_id,
        states.aftersale_id,
        states.subject,
        states.state,
        case when states.state_at <= states.exported_at then states.state_at end as state_at,
        states.is_unpaid,
        states.exported_at,
        batches.batch_rank * 1000000000 + states.source_line as version_no
    from states
    inner join {{ ref('int_batches__ranked') }} as batches
        on states.batch_id = batches.batch_id
)

select * from final
