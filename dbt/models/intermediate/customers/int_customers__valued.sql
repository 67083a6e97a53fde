-- Grain: one row per customer that owns an order: (customer_id). Paid orders that were not cancelled have
-- value. Additive: order_count, paid_amount_cny.
with joined as (
    select * from {{ ref('int_orders__joined') }}
),

timed as (
    select * from {{ ref('int_orders__timed') }}
),

owners as (
    select * from {{ ref('int_orders__customers') }}
    where customer_id is not null
),

tiers as (
    select * from {{ ref('value_tiers') }}
    where cast({{ as_of() }} as date) between valid_from and valid_to
),

measured as (
    select
        owners.customer_id,
        count(*) as order_count,
        cast(coalesce(sum(case
            when timed.paid_at is not null and not joined.is_cancelled
                then joined.paid_amount_cny
        end), 0) as decimal(18, 2)) as paid_amount_cny
    from owners
    inner join joined
        on
            owners.channel = joined.channel
            and owners.channel_order_id = joined.channel_order_id
    inner join timed
        on
            owners.channel = timed.channel
            and owners.channel_order_id = timed.channel_order_id
    group by owners.customer_id
),

final as (
    select
        measured.customer_id,
        measured.order_count,
        measured.paid_amount_cny,
        tiers.value_tier
    from measured
    left join tiers
        on
            measured.paid_amount_cny >= tiers.min_paid_amount_cny
            and measured.paid_amount_cny < tiers.below_paid_amount_cny
)

select * from final
