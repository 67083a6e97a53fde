-- Grain: one row per customer of the high tier: whether at the cut-off a promise to them was broken in the
-- last hours of kpi_windows (`churn_risk`, by its due time) and they have ordered nothing since.
with windows as (
    select * from {{ ref('kpi_windows') }}
    where
        window_code = 'churn_risk'
        and cast({{ as_of() }} as date) between valid_from and valid_to
),

promised as (
    select * from {{ ref('int_orders__promised') }}
),

sliced as (
    select * from {{ ref('int_orders__sliced') }}
),

broken as (
    select
        sliced.customer_id,
        max(promised.promise_due_at) as broken_at
    from promised
    inner join sliced
        on
            promised.channel = sliced.channel
            and promised.channel_order_id = sliced.channel_order_id
    where not promised.is_on_time
    group by sliced.customer_id
),

ordered as (
    select
        sliced.customer_id,
        max(joined.ordered_at) as last_ordered_at
    from {{ ref('int_orders__joined') }} as joined
    inner join sliced
        on
            joined.channel = sliced.channel
            and joined.channel_order_id = sliced.channel_order_id
    group by sliced.customer_id
),

final as (
    select
        customers.customer_id,
        coalesce(
            {{ add_hours('broken.broken_at', 'windows.hours') }} >= {{ as_of() }}
            and coalesce(ordered.last_ordered_at <= broken.broken_at, true),
            false
        ) as is_at_risk
    from {{ ref('int_customers__valued') }} as customers
    cross join windows
    left join broken
        on customers.customer_id = broken.customer_id
    left join ordered
        on customers.customer_id = ordered.customer_id
    where customers.value_tier = 'high'
)

select * from final
