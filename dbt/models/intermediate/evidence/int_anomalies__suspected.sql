-- Grain: one row per (channel, channel_order_id, event_code) that the warehouse suspects and that stands
-- outside the anomaly rate: shipping due within six hours and not done; one SKU ordered again within
-- half an hour; a ledger that received another amount; a parcel of which nobody knows a day later.
{% set warning_hours = 6 %}{# the catalogue's: promised_ship_at - 6 h #}
{% set duplicate_seconds = 1800 %}{# 30 minutes, the catalogue's #}
{% set tolerance_cny = 0.01 %}{# a rounding of one fen is no mismatch #}
with promised as (
    select * from {{ ref('int_orders__promised') }}
),

warned as (
    select
        channel,
        channel_order_id,
        'ship_deadline_warning' as event_code,
        {{ add_hours('ship_due_at', -warning_hours) }} as detected_at
    from promised
    where
        promised_ship_at is not null
        and coalesce(shipped_at > {{ add_hours('ship_due_at', -warning_hours) }}, true)
        and coalesce(ended_at > {{ add_hours('ship_due_at', -warning_hours) }}, true)
        and paid_at < {{ add_hours('ship_due_at', -warning_hours) }}
),

sold as (
    select distinct
        orders.channel,
        orders.channel_order_id,
        orders.customer_id,
        orders.address_key_token,
        joined.ordered_at,
        order_lines.sku_code
    from {{ ref('int_orders__mergeable') }} as orders
    inner join {{ ref('int_orders__joined') }} as joined
        on
            orders.channel = joined.channel
            and orders.channel_order_id = joined.channel_order_id
    inner join {{ ref('int_orders__lines') }} as order_lines
        on
            orders.channel = order_lines.channel
            and orders.channel_order_id = order_lines.channel_order_id
    where not order_lines.is_cancelled
),

repeated as (
    select
        channel,
        channel_order_id,
        ordered_at,
        lag(ordered_at) over (
            partition by customer_id, address_key_token, sku_code
            order by
                ordered_at asc nulls last, channel asc nulls last, channel_order_id asc nulls last
        ) as ordered_before
    from sold
),

received as (
    select
        entries.channel,
        entries.channel_order_id,
        min(entries.occurred_at) as received_at,
        sum(entries.amount_cny) as received_cny
    from {{ ref('int_fund_entries__deduplicated') }} as entries
    inner join {{ ref('ledger_events') }} as codes
        on
            codes.kind = 'payment'
            and entries.entry_type = codes.value
    where entries.occurred_at <= {{ as_of() }}
    group by
        entries.channel,
        entries.channel_order_id
),

final as (
    select * from warned
    where detected_at < {{ as_of() }}
    union all
    select
        channel,
        channel_order_id,
        'duplicate_order_suspected' as event_code,
        min(ordered_at) as detected_at
    from repeated
    where {{ seconds_between('ordered_before', 'ordered_at') }} <= {{ duplicate_seconds }}
    group by
        channel,
        channel_order_id
    union all
    select
        received.channel,
        received.channel_order_id,
        'payment_amount_mismatch' as event_code,
        received.received_at as detected_at
    from received
    inner join {{ ref('int_orders__joined') }} as joined
        on
            received.channel = joined.channel
            and received.channel_order_id = joined.channel_order_id
    where abs(received.received_cny - joined.paid_amount_cny) > {{ tolerance_cny }}
    union all
    select
        channel,
        channel_order_id,
        'fake_shipment_suspected' as event_code,
        detected_at
    from {{ ref('int_waybills__unheard') }}
)

select * from final
