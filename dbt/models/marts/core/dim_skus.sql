-- Grain: one row per sku_code.
with skus as (
    select * from {{ ref('int_skus__deduplicated') }}
),

absent as (
    select
        key_1 as sku_code,
        is_absent_since
    from {{ ref('int_rows__absent') }}
    where feed = 'skus'
),

final as (
    select
        skus.sku_code,
        skus.barcode,
        skus.name,
        skus.category,
        skus.temperature_class,
        skus.weight_kg,
        skus.cost_cny,
        skus.owner,
        skus.extras,
        skus.first_exported_at,
        skus.last_exported_at,
        absent.is_absent_since
    from skus
    left join absent
        on skus.sku_code = absent.sku_code
)

select * from final
