-- Grain: one row per promise that has fallen due: (channel, channel_order_id), by the due day, with the
-- minutes by which it was kept early or met late, and its slices. Those over before it fell due are left out.
with promised as (
    select
        *,
        {{ seconds_between('promise_met_at', 'promise_due_at') }} as early_seconds,
        {{ seconds_between('promise_due_at', 'promise_met_at') }} as late_seconds
    from {{ ref('int_orders__promised') }}
    where is_due
),

sliced as (
    select * from {{ ref('int_orders__sliced') }}
),

final as (
    select
        cast(promised.promise_due_at as date) as observed_on,
        promised.channel,
        promised.channel_order_id,
        promised.promise_kind,
        sliced.warehouse,
        sliced.carrier,
        sliced.province,
        sliced.customer_tier,
        case when promised.is_on_time then 1 else 0 end as kept_count,
        case when promised.promise_met_at is null and promised.ended_at is null then 1 else 0 end
            as open_count,
        case when promised.is_input_complete then 1 else 0 end as complete_count,
        case
            when promised.is_on_time
                then cast(promised.early_seconds as double) / 60
        end as early_minutes,
        case
            when not promised.is_on_time
                then cast(promised.late_seconds as double) / 60
        end as late_minutes
    from promised
    left join sliced
        on
            promised.channel = sliced.channel
            and promised.channel_order_id = sliced.channel_order_id
)

select * from final
