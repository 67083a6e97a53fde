-- Grain: one row per paid order that is not handed over at the till: (channel, channel_order_id):
-- its promise, when it fell due, and when it was kept. The hours of a default promise stand still on the days of
-- shipping_pauses: paid on such a day they begin after it; a later pause puts the end off by its length.
{{ kept(['channel', 'channel_order_id']) }}

with orders as (
    select * from {{ touched(ref('int_orders__paid')) }}
),

default_rules as (
    select * from {{ ref('default_promises') }}
),

pauses as (
    select
        channel,
        cast(valid_from as timestamp) as begins_at,
        {{ add_hours('cast(valid_to as timestamp)', 24) }} as ends_at
    from {{ ref('shipping_pauses') }}
),

ruled as (
    select
        orders.*,
        coalesce(own_rule.promised_ship_hours, general_rule.promised_ship_hours)
            as promised_ship_hours,
        coalesce(pauses.ends_at, orders.paid_at) as hours_begin_at
    from orders
    left join default_rules as own_rule
        on
            orders.channel = own_rule.channel
            and cast(orders.paid_at as date) between own_rule.valid_from and own_rule.valid_to
    left join default_rules as general_rule
        on
            general_rule.channel = '*'
            and cast(
                orders.paid_at as date
            ) between general_rule.valid_from and general_rule.valid_to
    left join pauses
        on
            pauses.channel in ('*', orders.channel)
            and orders.paid_at >= pauses.begins_at
            and orders.paid_at < pauses.ends_at
),

met as (
    select
        ruled.channel,
        ruled.channel_order_id,
        pauses.begins_at,
        {{ add_hours('ruled.hours_begin_at', 'ruled.promised_ship_hours') }} as due_at,
        {{ seconds_between('pauses.begins_at', 'pauses.ends_at') }} / 3600 as pause_hours,
        coalesce(sum({{ seconds_between('pauses.begins_at', 'pauses.ends_at') }} / 3600) over (
            partition by ruled.channel, ruled.channel_order_id
            order by pauses.begins_at asc nulls last
            rows between unbounded preceding and 1 preceding
        ), 0) as hours_before
    from ruled
    inner join pauses
        on
            pauses.channel in ('*', ruled.channel)
            and ruled.hours_begin_at <= pauses.begins_at
    where ruled.promised_ship_at is null
),

paused as (
    select
        channel,
        channel_order_id,
        sum(pause_hours) as paused_hours
    from met
    where begins_at < {{ add_hours('due_at', 'hours_before') }}
    group by
        channel,
        channel_order_id
),

promised as (
    select
        ruled.*,
        coalesce(ruled.promised_ship_at, {{ add_hours(
            'ruled.hours_begin_at', 'ruled.promised_ship_hours + coalesce(paused.paused_hours, 0)'
        ) }}) as ship_due_at,
        case
            when ruled.promised_delivery_at is not null then 'delivery'
            when ruled.promised_ship_at is not null then 'ship'
            else 'default'
        end as promise_kind
    from ruled
    left join paused
        on
            ruled.channel = paused.channel
            and ruled.channel_order_id = paused.channel_order_id
),

due as (
    select
        *,
        case when promise_kind = 'delivery' then promised_delivery_at else ship_due_at end
            as promise_due_at,
        case when promise_kind = 'delivery' then signed_at else shipped_at end as promise_met_at
    from promised
),

final as (
    select
        *,
        promise_due_at <= {{ as_of() }}
        and (ended_at is null or ended_at >= promise_due_at) as is_due,
        case
            when
                promise_due_at <= {{ as_of() }} and (ended_at is null or ended_at >= promise_due_at)
                then promise_met_at is not null and promise_met_at <= promise_due_at
        end as is_on_time,
        promise_kind <> 'default'
        and coalesce(shipped_evidence, '') <> 'first_export' as is_input_complete
    from due
)

select * from final
