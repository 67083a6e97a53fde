-- Grain: one row per (sku_code) of the feed `skus`, its newest state, with what
-- stewards corrected.
{% set newest -%}
{{ newest_by_column(
    ref('stg_skus'),
    ['sku_code'],
    [
        'barcode', 'name', 'category', 'temperature_class', 'weight_kg', 'cost_cny', 'owner',
    ],
) }}
{%- endset %}
{{ corrected('sku', newest) }}
