-- Grain: one row per order of a contract: (channel, channel_order_id). A contract is open from its
-- first payment until the last of its orders is signed for or over; an order of the same customer to
-- the same address that is paid before that joins it, on whatever channel. Paid at the very time when
-- the last one ended, it opens a new one. Named by its first order: customer ids may change, this not.
with orders as (
    select * from {{ ref('int_contract_orders__spanned') }}
),

{% set oldest_first = 'order by paid_at asc nulls last, channel asc nulls last, '
    ~ 'channel_order_id asc nulls last' %}
followed as (
    select
        *,
        max(coalesce(left_at, cast('9999-12-31 00:00:00' as timestamp))) over (
            partition by place_key
            {{ oldest_first }}
            rows between unbounded preceding and 1 preceding
        ) as open_until
    from orders
),

numbered as (
    select
        *,
        sum(case when open_until > paid_at then 0 else 1 end) over (
            partition by place_key
            {{ oldest_first }}
            rows between unbounded preceding and current row
        ) as contract_no
    from followed
),

final as (
    select
        channel,
        channel_order_id,
        paid_at as joined_at,
        left_at,
        first_value(channel || '/' || channel_order_id) over (
            partition by place_key, contract_no
            {{ oldest_first }}
        ) as contract_id,
        first_value(paid_at) over (
            partition by place_key, contract_no
            {{ oldest_first }}
        ) as opened_at,
        row_number() over (
            partition by place_key, contract_no
            {{ oldest_first }}
        ) as order_no
    from numbered
)

select * from final
