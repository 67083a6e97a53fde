-- Grain: one row per anomaly_id: when a response was due by the rule of its day, and when the first came: of
-- what was done for the order from its detection on, the earliest offer of a new promise, change that the
-- service desk asked for, or end of the anomaly.
with anomalies as (
    select * from {{ ref('int_anomalies__listed') }}
),

rules as (
    select * from {{ ref('response_rules') }}
),

deeds as (
    select
        channel,
        channel_order_id,
        offered_at as done_at
    from {{ ref('int_sla_offers__judged') }}
    union all
    select
        channel,
        channel_order_id,
        requested_at as done_at
    from {{ ref('int_change_requests__judged') }}
    where initiator = 'agent'
),

reactions as (
    select
        anomalies.anomaly_id,
        min(deeds.done_at) as reacted_at
    from anomalies
    inner join deeds
        on
            anomalies.channel = deeds.channel
            and anomalies.channel_order_id = deeds.channel_order_id
            and anomalies.detected_at <= deeds.done_at
    group by anomalies.anomaly_id
),

answered as (
    select
        anomalies.*,
        coalesce(anomalies.owner_role, rules.owner_role) as answering_role,
        {{ add_minutes('anomalies.detected_at', 'rules.response_sla_minutes') }} as response_due_at,
        least(reactions.reacted_at, anomalies.resolved_at) as responded_at
    from anomalies
    left join rules
        on
            anomalies.event_code = rules.event_code
            and cast(anomalies.detected_at as date) between rules.valid_from and rules.valid_to
    left join reactions
        on anomalies.anomaly_id = reactions.anomaly_id
),

final as (
    select
        *,
        case
            when responded_at <= response_due_at then true
            when responded_at > response_due_at or response_due_at <= {{ as_of() }} then false
        end as is_response_in_time
    from answered
)

select * from final
