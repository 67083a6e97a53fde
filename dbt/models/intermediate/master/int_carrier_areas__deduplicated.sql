-- Grain: one row per (carrier, adcode, service_level, valid_from)
-- of the feed `carrier_areas`, its newest state, with what stewards corrected.
{% set newest -%}
{{ newest_by_column(
    ref('stg_carrier_areas'),
    ['carrier', 'adcode', 'service_level', 'valid_from'],
    [
        'promised_hours', 'valid_to',
    ],
) }}
{%- endset %}
{{ corrected('carrier', newest) }}
