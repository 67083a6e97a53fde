-- Grain: one row per (rule_code, entity, record_key) that the suites found in the newest master rows.
with final as (
    select
        rule_code,
        entity,
        record_key,
        field,
        value,
        reason_code,
        detail,
        suggestion,
        record_owner,
        source
    from {{ source('lake', 'quality_found') }}
)

select * from final
