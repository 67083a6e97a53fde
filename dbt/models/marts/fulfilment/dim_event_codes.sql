-- Grain: one row per event_code of the catalogue: a node of the event graph.
with codes as (
    select * from {{ ref('event_codes') }}
),

final as (
    select
        event_code,
        cast(seq as bigint) as seq,
        stage,
        occurs,
        is_anomaly,
        cast(response_sla_minutes as bigint) as response_sla_minutes,
        owner_role
    from codes
)

select * from final
