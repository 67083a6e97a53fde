-- Grain: one row per (channel, shop_id, channel_sku_code) of the feed `sku_aliases`, its newest state,
-- with what stewards corrected: codes that no file maps are among it.
{% set newest -%}
{{ newest_by_column(
    ref('stg_sku_aliases'),
    ['channel', 'shop_id', 'channel_sku_code'],
    [
        'sku_code',
    ],
) }}
{%- endset %}
with mapped as (
    {{ corrected('sku_alias', newest) }}
),

corrections as (
    select
        record_key,
        key_1 as channel,
        key_2 as shop_id,
        key_3 as channel_sku_code,
        new_value as sku_code
    from {{ ref('stg_corrections') }}
    where
        entity = 'sku_alias'
        and field = 'sku_code'
        and old_value is null
        and is_in_force
),

added as (
    select corrections.*
    from corrections
    left join mapped
        on corrections.record_key = {{ record_key('sku_alias', 'mapped') }}
    where mapped.channel is null
),

final as (
    select
        channel,
        shop_id,
        channel_sku_code,
        sku_code,
        extras,
        source,
        batch_id,
        first_exported_at,
        last_exported_at,
        corrected_fields
    from mapped
    union all
    select
        channel,
        shop_id,
        channel_sku_code,
        sku_code,
        cast(null as {{ dbt.type_string() }}) as extras,
        'corrections' as source,
        cast(null as {{ dbt.type_string() }}) as batch_id,
        cast(null as timestamp) as first_exported_at,
        cast(null as timestamp) as last_exported_at,
        'sku_code' as corrected_fields
    from added
)

select * from final
