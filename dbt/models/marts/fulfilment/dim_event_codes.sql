-- Grain: one row per event_code of the catalogue: a node of the event graph, with the response rule, both as they
-- are on the cut-off's day.
with codes as (
    select * from {{ ref('event_codes') }}
    where cast({{ as_of() }} as date) between valid_from and valid_to
),

rules as (
    select * from {{ ref('response_rules') }}
    where cast({{ as_of() }} as date) between valid_from and valid_to
),

final as (
    select
        codes.event_code,
        cast(codes.seq as bigint) as seq,
        codes.stage,
        codes.occurs,
        codes.is_anomaly,
        cast(rules.response_sla_minutes as bigint) as response_sla_minutes,
        rules.owner_role
    from codes
    left join rules
        on codes.event_code = rules.event_code
)

select * from final
