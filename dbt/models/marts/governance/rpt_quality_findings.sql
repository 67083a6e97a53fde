-- Grain: one row per (finding_rule, subject): what an owner of master data should mend, worst and widest
-- first. Not additive: one order can be affected by several findings.
with addresses as (
    select * from {{ ref('int_addresses__findings') }}
),

places as (
    select * from {{ ref('int_places__findings') }}
),

found as (
    select
        finding_rule,
        subject,
        adcode,
        detail,
        suggestion,
        affected
    from addresses
    union all
    select
        finding_rule,
        feed || '/' || place_code
        || coalesce('@' || cast(valid_from as {{ dbt.type_string() }}), '') as subject,
        adcode,
        detail,
        suggestion,
        affected
    from places
),

rules as (
    select * from {{ ref('quality_rules') }}
),

final as (
    select
        rules.domain,
        found.finding_rule,
        rules.severity,
        rules.owner,
        found.subject,
        found.adcode,
        found.detail,
        found.suggestion,
        cast(found.affected as bigint) as affected_orders,
        rules.title_zh,
        rules.title_en,
        rules.remedy_zh,
        rules.remedy_en
    from found
    inner join rules
        on found.finding_rule = rules.finding_rule
)

select * from final
