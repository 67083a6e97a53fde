-- Grain: one row per (observed_on, channel), `all` included: paid parcels-to-be by day of payment,
-- and how many of them have a customer and an address known down to the room, without which no
-- merge can be seen.
with promised as (
    select
        channel,
        channel_order_id,
        cast(paid_at as date) as observed_on
    from {{ ref('int_orders__promised') }}
),

mergeable as (
    select
        channel,
        channel_order_id
    from {{ ref('int_orders__mergeable') }}
),

final as (
    select
        coalesce(promised.channel, 'all') as channel,
        promised.observed_on,
        count(mergeable.channel) as complete_count,
        count(*) as input_count
    from promised
    left join mergeable
        on
            promised.channel = mergeable.channel
            and promised.channel_order_id = mergeable.channel_order_id
    group by grouping sets ((promised.channel, promised.observed_on), (promised.observed_on))
)

select * from final
