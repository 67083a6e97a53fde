-- Grain: one row per (channel, channel_order_id, event_code) of an anomaly that the timeline tells of and
-- that is neither a case nor one of those that the rate counts: its first occurrence on a day on which the catalogue
-- has it as an anomaly. It ends with the first later event that the seed anomaly_ends names, or with its order.
with codes as (
    select
        event_code,
        valid_from,
        valid_to
    from {{ ref('event_codes') }}
    where is_anomaly
),

rated as (
    select distinct
        channel,
        channel_order_id,
        event_code
    from {{ ref('int_anomalies__unioned') }}
),

ends as (
    select * from {{ ref('anomaly_ends') }}
),

told as (
    select
        channel,
        channel_order_id,
        event_code,
        coalesce(occurred_at, occurred_before) as told_at
    from {{ ref('int_order_events__timeline') }}
),

noticed as (
    select
        told.channel,
        told.channel_order_id,
        told.event_code,
        min(told.told_at) as detected_at
    from told
    inner join codes
        on
            told.event_code = codes.event_code
            and cast(told.told_at as date) between codes.valid_from and codes.valid_to
    left join rated
        on
            told.channel = rated.channel
            and told.channel_order_id = rated.channel_order_id
            and told.event_code = rated.event_code
    where rated.event_code is null
    group by
        told.channel,
        told.channel_order_id,
        told.event_code
),

ended as (
    select
        noticed.channel,
        noticed.channel_order_id,
        noticed.event_code,
        min(told.told_at) as ended_by_event_at
    from noticed
    inner join ends
        on noticed.event_code = ends.event_code
    inner join told
        on
            noticed.channel = told.channel
            and noticed.channel_order_id = told.channel_order_id
            and ends.ended_by = told.event_code
            and noticed.detected_at <= told.told_at
    group by
        noticed.channel,
        noticed.channel_order_id,
        noticed.event_code
),

final as (
    select
        noticed.channel,
        noticed.channel_order_id,
        noticed.event_code,
        noticed.detected_at,
        least(
            ended.ended_by_event_at,
            case when timed.ended_at >= noticed.detected_at then timed.ended_at end
        ) as resolved_at
    from noticed
    left join ended
        on
            noticed.channel = ended.channel
            and noticed.channel_order_id = ended.channel_order_id
            and noticed.event_code = ended.event_code
    left join {{ ref('int_orders__timed') }} as timed
        on
            noticed.channel = timed.channel
            and noticed.channel_order_id = timed.channel_order_id
)

select * from final
