{#-
    Passes if every order with a verdict (fct_orders.is_on_time) has one clause of its kind of promise with
    the same due time and verdict, and no other order has a due one. What it forbids is two truths about
    one promise; clauses beside that promise are free.
-#}
{% test clauses_agree_with_orders(model) %}
with orders as (
    select
        channel,
        channel_order_id,
        case promise_kind when 'delivery' then 'deliver_by' else 'ship_by' end as clause_code,
        promise_due_at,
        is_on_time
    from {{ ref('fct_orders') }}
    where promise_kind is not null
)

select
    orders.channel,
    orders.channel_order_id
from orders
left join {{ model }} as clauses
    on
        orders.channel = clauses.channel
        and orders.channel_order_id = clauses.channel_order_id
        and orders.clause_code = clauses.clause_code
where
    clauses.promised_at is distinct from orders.promise_due_at
    or case when clauses.is_due then clauses.is_met end is distinct from orders.is_on_time
{% endtest %}
