-- Grain: one row per (rule_code, entity, source, owner): how many records a rule looked at. Additive over
-- entity, source and owner; never over rules.
with rules as (
    select * from {{ ref('quality_rules') }}
),

places as (
    select
        case
            when feed = 'warehouses' then 'warehouse'
            when place_type = 'store' then 'store'
            else 'resource'
        end as entity,
        feed as source,
        count(*) as checked_count
    from {{ ref('int_places__judged') }}
    group by
        feed,
        place_type
),

counted as (
    select
        'address' as touch_by,
        'address' as entity,
        'orders' as source,
        count(*) as checked_count
    from {{ ref('int_addresses__current') }}
    union all
    select
        'district_spellings' as touch_by,
        'address' as entity,
        'orders' as source,
        count(distinct adcode) as checked_count
    from {{ ref('int_addresses__current') }}
    where district is not null
    union all
    select
        'province_spellings' as touch_by,
        'address' as entity,
        'orders' as source,
        count(distinct province) as checked_count
    from {{ ref('int_addresses__current') }}
    union all
    select
        'place' as touch_by,
        entity,
        source,
        sum(checked_count) as checked_count
    from places
    group by
        entity,
        source
    union all
    select
        'customer' as touch_by,
        'customer' as entity,
        'customer_records' as source,
        count(distinct customer_id) as checked_count
    from {{ ref('int_customers__records') }}
    union all
    select
        'sku_alias' as touch_by,
        'sku_alias' as entity,
        'orders' as source,
        count(distinct channel || '/' || channel_sku_code) as checked_count
    from {{ ref('int_orders__lines') }}
    union all
    select
        'carrier' as touch_by,
        'carrier' as entity,
        'orders' as source,
        count(*) as checked_count
    from {{ ref('int_carrier_areas__deduplicated') }}
    union all
    select
        'rule' as touch_by,
        'rule' as entity,
        'orders' as source,
        count(distinct channel) as checked_count
    from {{ ref('int_orders__joined') }}
),

of_dbt as (
    select
        rules.rule_code,
        counted.entity,
        counted.source,
        rules.owner,
        counted.checked_count
    from rules
    inner join counted
        on
            counted.touch_by = case
                when rules.rule_code like '%_spellings' then rules.rule_code
                when rules.entity in ('warehouse', 'resource') then 'place'
                else rules.entity
            end
    where rules.checked_by = 'dbt'
),

of_suites as (
    select
        rules.rule_code,
        suites.entity,
        suites.source,
        coalesce(suites.record_owner, rules.owner) as owner,
        suites.checked_count
    from {{ ref('stg_quality_checked') }} as suites
    inner join rules
        on suites.rule_code = rules.rule_code
),

final as (
    select * from of_dbt
    union all
    select * from of_suites
)

select * from final
