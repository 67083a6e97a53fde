-- Grain: one row per finding_id, which is one (rule_code, entity, record_key): all that is wrong with master
-- data now, whoever found it. `touch_by` and `touch_key` say which orders it touches.
{% set text = dbt.type_string() %}
with every as (
    select
        rule_code,
        'address' as entity,
        record_key,
        cast(null as {{ text }}) as field,
        detail as value,
        cast(null as {{ text }}) as reason_code,
        detail,
        suggestion,
        adcode,
        cast(null as {{ text }}) as record_owner,
        cast('orders' as {{ text }}) as source,
        touch_by,
        record_key as touch_key
    from {{ ref('int_addresses__findings') }}
    union all
    select
        rule_code,
        entity,
        record_key,
        cast(null as {{ text }}) as field,
        detail as value,
        cast(null as {{ text }}) as reason_code,
        detail,
        suggestion,
        adcode,
        cast(null as {{ text }}) as record_owner,
        case when entity = 'warehouse' then 'warehouses' else 'resources' end as source,
        'place' as touch_by,
        place_code as touch_key
    from {{ ref('int_places__findings') }}
    union all
    select
        rule_code,
        entity,
        record_key,
        cast(null as {{ text }}) as field,
        value,
        reason_code,
        cast(null as {{ text }}) as detail,
        cast(null as {{ text }}) as suggestion,
        adcode,
        cast(null as {{ text }}) as record_owner,
        'orders' as source,
        touch_by,
        case when touch_by = 'channel' then value else record_key end as touch_key
    from {{ ref('int_quality__crossed') }}
    union all
    select
        rule_code,
        'customer' as entity,
        record_key,
        cast(null as {{ text }}) as field,
        value,
        cast(null as {{ text }}) as reason_code,
        detail,
        cast(null as {{ text }}) as suggestion,
        cast(null as {{ text }}) as adcode,
        cast(null as {{ text }}) as record_owner,
        'customer_records' as source,
        touch_by,
        touch_key
    from {{ ref('int_quality__customers') }}
    union all
    select
        rule_code,
        entity,
        record_key,
        field,
        value,
        reason_code,
        detail,
        suggestion,
        cast(null as {{ text }}) as adcode,
        record_owner,
        source,
        case
            when entity = 'sku_alias' then 'alias'
            when entity in ('warehouse', 'store', 'resource') then 'place'
            else entity
        end as touch_by,
        case
            when entity in ('store', 'resource') then split_part(record_key, '@', 1)
            when entity = 'carrier'
                then split_part(record_key, '/', 1) || '/' || split_part(record_key, '/', 2) || '/'
            else record_key
        end as touch_key
    from {{ ref('stg_quality_found') }}
),

final as (
    select
        md5(rule_code || '|' || entity || '|' || record_key) as finding_id,
        *
    from every
)

select * from final
