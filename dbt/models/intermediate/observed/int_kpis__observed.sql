-- Grain: one row per counted thing of four parts of the index: what stands in a denominator, whether in
-- the numerator, and whether its inputs were complete. Merges, which count by groups, stand apart.
{{ config(materialized='view', tags=['lasting']) }}

with promised as (
    select
        'on_time_fulfilment_rate' as kpi,
        channel,
        channel_order_id,
        cast(promise_due_at as date) as observed_on,
        is_on_time as is_success,
        is_input_complete
    from {{ ref('int_orders__promised') }}
    where is_due
),

known_orders as (
    select
        channel,
        channel_order_id
    from {{ ref('int_orders__joined') }}
),

anomalies as (
    select
        'anomaly_resolved_2h_rate' as kpi,
        anomalies.channel,
        anomalies.channel_order_id,
        cast(anomalies.detected_at as date) as observed_on,
        anomalies.is_resolved_2h as is_success,
        known_orders.channel is not null as is_input_complete
    from {{ ref('int_anomalies__unioned') }} as anomalies
    left join known_orders
        on
            anomalies.channel = known_orders.channel
            and anomalies.channel_order_id = known_orders.channel_order_id
    where anomalies.is_due
),

changes as (
    select
        'change_success_rate' as kpi,
        requests.channel,
        requests.channel_order_id,
        cast(requests.requested_at as date) as observed_on,
        requests.is_success,
        known_orders.channel is not null
        and (requests.outcome is null or requests.decided_at is not null)
            as is_input_complete
    from {{ ref('int_change_requests__judged') }} as requests
    left join known_orders
        on
            requests.channel = known_orders.channel
            and requests.channel_order_id = known_orders.channel_order_id
    where requests.is_counted
),

offers as (
    select
        'sla_acceptance_rate' as kpi,
        offers.channel,
        offers.channel_order_id,
        cast(offers.offered_at as date) as observed_on,
        offers.is_accepted as is_success,
        known_orders.channel is not null and not offers.is_answer_undated as is_input_complete
    from {{ ref('int_sla_offers__judged') }} as offers
    left join known_orders
        on
            offers.channel = known_orders.channel
            and offers.channel_order_id = known_orders.channel_order_id
    where offers.is_counted
),

final as (
    select * from promised
    union all
    select * from anomalies
    union all
    select * from changes
    union all
    select * from offers
)

select * from final
