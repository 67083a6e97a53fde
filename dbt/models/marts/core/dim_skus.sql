-- Grain: one row per sku_code.
with skus as (
    select * from {{ ref('int_skus__deduplicated') }}
),

final as (
    select
        sku_code,
        barcode,
        name,
        category,
        temperature_class,
        weight_kg,
        cost_cny,
        owner,
        extras,
        first_exported_at,
        last_exported_at
    from skus
)

select * from final
