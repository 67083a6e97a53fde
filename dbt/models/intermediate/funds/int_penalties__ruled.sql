-- Grain: one row per order that missed its ship promise: (channel, channel_order_id), dated by the promise,
-- with the penalty that the channel's rule puts on it; null where no rule of the channel is known. Shipped
-- at the promise is in time; an order over by then owes nothing. Additive: penalty_cny.
with late as (
    select
        promised.channel,
        promised.channel_order_id,
        promised.promised_ship_at,
        joined.paid_amount_cny
    from {{ ref('int_orders__promised') }} as promised
    inner join {{ ref('int_orders__joined') }} as joined
        on
            promised.channel = joined.channel
            and promised.channel_order_id = joined.channel_order_id
    where
        promised.promised_ship_at < {{ as_of() }}
        and coalesce(promised.shipped_at > promised.promised_ship_at, true)
        and coalesce(promised.ended_at > promised.promised_ship_at, true)
),

rules as (
    select * from {{ ref('penalty_rules') }}
    where penalty_code = 'late_shipment'
),

final as (
    select
        'late_shipment' as penalty_code,
        late.channel,
        late.channel_order_id,
        late.promised_ship_at as charged_at,
        cast(round(least(
            rules.fixed_cny + rules.paid_rate * late.paid_amount_cny, rules.cap_cny
        ), 2) as decimal(18, 2)) as penalty_cny
    from late
    left join rules
        on
            late.channel = rules.channel
            and late.paid_amount_cny >= rules.from_paid_cny
            and late.paid_amount_cny < rules.below_paid_cny
            and cast(late.promised_ship_at as date) between rules.valid_from and rules.valid_to
)

select * from final
