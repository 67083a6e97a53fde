-- Claim: orders and lines stand in every layer once: orders joined, dated, published; lines read, published, and
-- the lines that orders say they have; and the money with them. Passes if each count and sum agrees per channel.
-- Does not prove that every exported order is there (tests/e2e/test_truth.py does). Hurt else: everybody, since
-- every KPI counts orders.
with joined as (
    select
        channel,
        count(*) as order_count,
        sum(line_count) as line_count,
        sum(cast(paid_amount_cny as decimal(18, 2))) as paid_amount_cny
    from {{ ref('int_orders__joined') }}
    group by channel
),

timed as (
    select
        channel,
        count(*) as order_count
    from {{ ref('int_orders__timed') }}
    group by channel
),

line_rows as (
    select
        channel,
        count(*) as line_count
    from {{ ref('int_orders__lines') }}
    group by channel
),

orders as (
    select
        channel,
        count(*) as order_count,
        sum(line_count) as line_count,
        sum(paid_amount_cny) as paid_amount_cny
    from {{ ref('fct_orders') }}
    group by channel
),

order_lines as (
    select
        channel,
        count(*) as line_count
    from {{ ref('fct_order_lines') }}
    group by channel
)

select joined.channel
from joined
left join timed
    on joined.channel = timed.channel
left join line_rows
    on joined.channel = line_rows.channel
left join orders
    on joined.channel = orders.channel
left join order_lines
    on joined.channel = order_lines.channel
where
    coalesce(timed.order_count <> joined.order_count, true)
    or coalesce(orders.order_count <> joined.order_count, true)
    or coalesce(orders.line_count <> joined.line_count, true)
    or coalesce(line_rows.line_count <> joined.line_count, true)
    or coalesce(order_lines.line_count <> joined.line_count, true)
    or orders.paid_amount_cny is distinct from joined.paid_amount_cny
