-- Grain: one row per order that is open at the cut-off: (channel, channel_order_id). Waiting anxiety is the
-- whole minutes past the last time that was promised (the promise, else a newer one that the customer
-- accepted), each weighed by the tier of the customer (seed value_tiers). Additive: both columns.
with promised as (
    select * from {{ ref('int_orders__promised') }}
),

sliced as (
    select * from {{ ref('int_orders__sliced') }}
),

tiers as (
    select * from {{ ref('value_tiers') }}
    where cast({{ as_of() }} as date) between valid_from and valid_to
),

renewed as (
    select
        channel,
        channel_order_id,
        max(promised_at) as renewed_at
    from {{ ref('int_sla_offers__judged') }}
    where is_accepted
    group by
        channel,
        channel_order_id
),

waiting as (
    select
        promised.channel,
        promised.channel_order_id,
        coalesce(tiers.waiting_weight, 1) as waiting_weight,
        greatest(
            0,
            floor({{ seconds_between(
                'greatest(promised.promise_due_at, coalesce(renewed.renewed_at, promised.promise_due_at))',
                as_of()
            ) }} / 60)
        ) as waited_minutes
    from promised
    inner join sliced
        on
            promised.channel = sliced.channel
            and promised.channel_order_id = sliced.channel_order_id
    left join tiers
        on sliced.customer_tier = tiers.value_tier
    left join renewed
        on
            promised.channel = renewed.channel
            and promised.channel_order_id = renewed.channel_order_id
    where
        promised.promise_met_at is null
        and promised.ended_at is null
),

final as (
    select
        channel,
        channel_order_id,
        cast(waited_minutes * waiting_weight as bigint) as weighed_minutes,
        cast(waiting_weight as bigint) as waiting_weight
    from waiting
)

select * from final
