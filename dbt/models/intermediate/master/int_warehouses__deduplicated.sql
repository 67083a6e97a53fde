-- Grain: one row per (warehouse_code) of the feed `warehouses`, its newest state, with what
-- stewards corrected.
{% set newest -%}
{{ newest_by_column(
    ref('stg_warehouses'),
    ['warehouse_code'],
    [
        'name', 'province', 'city', 'district', 'address', 'latitude', 'longitude', 'owner',
    ],
) }}
{%- endset %}
{{ corrected('warehouse', newest) }}
