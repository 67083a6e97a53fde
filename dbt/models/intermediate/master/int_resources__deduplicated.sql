-- Grain: one row per (resource_code, valid_from) of the feed `resources`, its newest state, with what
-- stewards corrected.
{% set newest -%}
{{ newest_by_column(
    ref('stg_resources'),
    ['resource_code', 'valid_from'],
    [
        'resource_type', 'name', 'adcode', 'latitude', 'longitude', 'service_radius_km',
        'skills', 'temperature_zones', 'capacity_per_day', 'valid_to',
    ],
) }}
{%- endset %}
{{ corrected('resource', newest) }}
