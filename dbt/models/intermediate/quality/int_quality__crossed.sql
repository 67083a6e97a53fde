-- Grain: one row per (rule_code, record_key): where orders and master data do not meet: channel codes that no
-- list knows, districts that a carrier does not (or no longer) serve, channels without a default promise.
with skus as (
    select sku_code from {{ ref('int_skus__deduplicated') }}
),

unmapped as (
    select
        'channel_code_unmapped' as rule_code,
        'sku_alias' as entity,
        order_lines.channel || '/' || coalesce(order_lines.shop_id, '') || '/'
        || order_lines.channel_sku_code as record_key,
        'not_listed' as reason_code,
        max(order_lines.channel_sku_code) as value,
        cast(null as {{ dbt.type_string() }}) as adcode,
        'alias' as touch_by
    from {{ ref('int_orders__lines') }} as order_lines
    left join skus
        on order_lines.sku_code = skus.sku_code
    where
        order_lines.channel_sku_code is not null
        and skus.sku_code is null
        and exists (select any_sku.sku_code from skus as any_sku)
    group by
        order_lines.channel,
        order_lines.shop_id,
        order_lines.channel_sku_code
),

unserved as (
    select
        case when is_listed then 'carrier_area_closed' else 'carrier_area_hole' end as rule_code,
        'carrier' as entity,
        carrier || '/' || adcode || '/' as record_key,
        case when is_listed then 'closed' else 'never_listed' end as reason_code,
        adcode as value,
        adcode,
        'carrier' as touch_by
    from {{ ref('int_quality__unserved') }}
),

paid_days as (
    select distinct
        channel,
        cast(paid_at as date) as paid_on
    from {{ ref('int_orders__joined') }}
    where paid_at is not null
),

unpromised as (
    select
        'rule_promise_missing' as rule_code,
        'rule' as entity,
        'default_promises/' || paid_days.channel as record_key,
        'not_listed' as reason_code,
        paid_days.channel as value,
        cast(null as {{ dbt.type_string() }}) as adcode,
        'channel' as touch_by
    from paid_days
    left join {{ ref('default_promises') }} as promises
        on
            promises.channel in (paid_days.channel, '*')
            and paid_days.paid_on between promises.valid_from and promises.valid_to
    where promises.channel is null
    group by paid_days.channel
),

final as (
    select * from unmapped
    union all
    select * from unserved
    union all
    select * from unpromised
)

select * from final
