-- Grain: one row per anomaly_id: a case of the merchant, or an anomaly that the warehouse noticed
-- where no case is. The rate counts is_in_rate and is_due; the others stand beside it.
with anomalies as (
    select * from {{ ref('int_anomalies__answered') }}
),

orders as (
    select
        channel,
        channel_order_id,
        customer_id,
        carrier,
        warehouse_code,
        paid_at,
        paid_amount_cny
    from {{ ref('fct_orders') }}
),

final as (
    select
        anomalies.anomaly_id,
        anomalies.channel,
        anomalies.channel_order_id,
        anomalies.event_code,
        anomalies.detected_at,
        anomalies.resolved_at,
        anomalies.is_derived,
        anomalies.is_due,
        anomalies.is_resolved_2h,
        anomalies.resolution,
        anomalies.answering_role as owner_role,
        anomalies.is_in_rate,
        anomalies.response_due_at,
        anomalies.responded_at,
        anomalies.is_response_in_time,
        orders.customer_id,
        orders.carrier,
        orders.warehouse_code,
        orders.paid_amount_cny,
        orders.paid_at
    from anomalies
    left join orders
        on
            anomalies.channel = orders.channel
            and anomalies.channel_order_id = orders.channel_order_id
)

select * from final
