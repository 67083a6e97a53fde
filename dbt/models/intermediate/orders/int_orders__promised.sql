-- Grain: one row per paid order that is not handed over at the till: (channel, channel_order_id):
-- its promise, when it fell due, and when it was kept.
{{ kept(['channel', 'channel_order_id']) }}

with orders as (
    select * from {{ touched(ref('int_orders__paid')) }}
),

default_rules as (
    select * from {{ ref('default_promises') }}
),

ruled as (
    select
        orders.*,
        coalesce(own_rule.promised_ship_hours, general_rule.promised_ship_hours)
            as promised_ship_hours
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
),

promised as (
    select
        *,
        coalesce(promised_ship_at, {{ add_hours('paid_at', 'promised_ship_hours') }})
            as ship_due_at,
        case
            when promised_delivery_at is not null then 'delivery'
            when promised_ship_at is not null then 'ship'
            else 'default'
        end as promise_kind
    from ruled
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
