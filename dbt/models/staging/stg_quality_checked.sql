-- Grain: one row per (rule_code, entity, source, record_owner) of the suites: how many records were looked at.
with final as (
    select
        rule_code,
        entity,
        source,
        record_owner,
        checked as checked_count
    from {{ source('lake', 'quality_checked') }}
)

select * from final
