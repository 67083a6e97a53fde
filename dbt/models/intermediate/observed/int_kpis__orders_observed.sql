-- Grain: one row per order or order line that a KPI beside the index counts: paid orders with an anomaly,
-- promises by their kind, parcels held to cross provinces, lines cancelled because they were oversold.
-- is_success is null where the order cannot be judged: it lowers the coverage alone.
{{ config(materialized='view', tags=['lasting']) }}

with paid as (
    select
        channel,
        channel_order_id,
        paid_at
    from {{ ref('int_orders__timed') }}
    where paid_at is not null
),

anomalous as (
    select distinct
        channel,
        channel_order_id
    from {{ ref('int_anomalies__unioned') }}
),

anomaly_rate as (
    select
        'order_anomaly_rate' as kpi,
        paid.channel,
        paid.channel_order_id,
        cast(paid.paid_at as date) as observed_on,
        anomalous.channel is not null as is_success,
        true as is_input_complete
    from paid
    left join anomalous
        on
            paid.channel = anomalous.channel
            and paid.channel_order_id = anomalous.channel_order_id
),

promises as (
    select
        case promise_kind when 'delivery' then 'on_time_delivery_rate' else 'on_time_ship_rate' end
            as kpi,
        channel,
        channel_order_id,
        cast(promise_due_at as date) as observed_on,
        is_on_time as is_success,
        is_input_complete
    from {{ ref('int_orders__promised') }}
    where is_due
),

parcels as (
    select
        'wrongly_cross_province_rate' as kpi,
        channel,
        channel_order_id,
        cast(paid_at as date) as observed_on,
        is_wrongly_cross as is_success,
        is_wrongly_cross is not null as is_input_complete
    from {{ ref('int_orders__provinces') }}
),

oversold as (
    select distinct
        channel,
        channel_order_id,
        channel_line_id
    from {{ ref('int_order_events__timeline') }}
    where event_code = 'oversell_detected'
),

order_lines as (
    select
        'oversell_rate' as kpi,
        order_lines.channel,
        order_lines.channel_order_id,
        cast(paid.paid_at as date) as observed_on,
        order_lines.is_cancelled
        and (of_line.channel is not null or of_order.channel is not null) as is_success,
        true as is_input_complete
    from {{ ref('int_orders__lines') }} as order_lines
    inner join paid
        on
            order_lines.channel = paid.channel
            and order_lines.channel_order_id = paid.channel_order_id
    left join oversold as of_line
        on
            order_lines.channel = of_line.channel
            and order_lines.channel_order_id = of_line.channel_order_id
            and order_lines.channel_line_id = of_line.channel_line_id
    left join oversold as of_order
        on
            order_lines.channel = of_order.channel
            and order_lines.channel_order_id = of_order.channel_order_id
            and of_order.channel_line_id is null
),

final as (
    select * from anomaly_rate
    union all
    select * from promises
    union all
    select * from parcels
    union all
    select * from order_lines
)

select * from final
