-- Grain: one row per customer of the high tier whose promise fell due: customer_id: their first promise that
-- was broken, else the first that was kept, and whether they placed another order within the hours of
-- kpi_windows (`order_again`) after it fell due, its last second included. Before the hours are over nothing is said.
with due as (
    select
        promised.channel,
        promised.channel_order_id,
        promised.promise_due_at,
        promised.is_on_time,
        sliced.customer_id
    from {{ ref('int_orders__promised') }} as promised
    inner join {{ ref('int_orders__sliced') }} as sliced
        on
            promised.channel = sliced.channel
            and promised.channel_order_id = sliced.channel_order_id
    where
        promised.is_due
        and sliced.customer_tier = 'high'
),

firsts as (
    select *
    from due
    qualify row_number() over (
        partition by customer_id
        order by
            is_on_time asc nulls last,
            promise_due_at asc nulls last,
            channel asc nulls last,
            channel_order_id asc nulls last
    ) = 1
),

windows as (
    select * from {{ ref('kpi_windows') }}
    where window_code = 'order_again'
),

windowed as (
    select
        firsts.*,
        {{ add_hours('firsts.promise_due_at', 'windows.hours') }} as window_ends_at
    from firsts
    inner join windows
        on cast(firsts.promise_due_at as date) between windows.valid_from and windows.valid_to
),

ordered as (
    select
        sliced.customer_id,
        joined.ordered_at
    from {{ ref('int_orders__joined') }} as joined
    inner join {{ ref('int_orders__sliced') }} as sliced
        on
            joined.channel = sliced.channel
            and joined.channel_order_id = sliced.channel_order_id
    where sliced.customer_tier = 'high'
),

returned as (
    select distinct windowed.customer_id
    from windowed
    inner join ordered
        on
            windowed.customer_id = ordered.customer_id
            and windowed.promise_due_at < ordered.ordered_at
            and windowed.window_ends_at >= ordered.ordered_at
),

final as (
    select
        windowed.channel,
        windowed.channel_order_id,
        windowed.customer_id,
        windowed.promise_due_at,
        windowed.is_on_time,
        returned.customer_id is not null as has_ordered_again,
        windowed.window_ends_at <= {{ as_of() }} as is_window_over
    from windowed
    left join returned
        on windowed.customer_id = returned.customer_id
)

select * from final
