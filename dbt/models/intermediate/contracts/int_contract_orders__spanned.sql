-- Grain: one row per paid order that is not handed over at the till: (channel, channel_order_id): from
-- when to when it is open, and the place that its contract belongs to: its customer at an address known
-- down to the room. An order of nobody known, or to no known room, is alone in its place.
with orders as (
    select * from {{ ref('int_orders__paid') }}
),

completed as (
    select
        channel,
        channel_order_id,
        {{ known_at_cut_off('completed_at') }} as completed_at
    from {{ ref('int_orders__joined') }}
),

-- Shown as received: the order row, else all of its lines.
shown as (
    select
        channel,
        channel_order_id,
        coalesce(
            max(case when grain = 'order' then first_shown_received_at end),
            case
                when count(first_shown_received_at) = count(*) then max(first_shown_received_at)
            end
        ) as first_shown_received_at
    from {{ ref('int_orders__first_shown') }}
    group by
        channel,
        channel_order_id
),

mergeable as (
    select
        channel,
        channel_order_id,
        customer_id,
        address_key_token
    from {{ ref('int_orders__mergeable') }}
),

final as (
    select
        orders.channel,
        orders.channel_order_id,
        orders.paid_at,
        least(
            coalesce(
                orders.signed_at, completed.completed_at, shown.first_shown_received_at
            ),
            orders.ended_at
        ) as left_at,
        coalesce(
            mergeable.customer_id || ' ' || mergeable.address_key_token,
            orders.channel || '/' || orders.channel_order_id
        ) as place_key
    from orders
    inner join completed
        on
            orders.channel = completed.channel
            and orders.channel_order_id = completed.channel_order_id
    left join shown
        on
            orders.channel = shown.channel
            and orders.channel_order_id = shown.channel_order_id
    left join mergeable
        on
            orders.channel = mergeable.channel
            and orders.channel_order_id = mergeable.channel_order_id
)

select * from final
