{#-
    Of each entity the key, the columns that may be corrected with their types (as
    dagster_project/lib/stewardship/entities.py has them), and `other` columns that come along.
-#}
{% macro correctable(entity) -%}
    {%- set text = dbt.type_string() -%}
    {{ return({
        'sku': {
            'key': ['sku_code'], 'since': none,
            'fields': {
                'barcode': text, 'name': text, 'category': text, 'temperature_class': text,
                'weight_kg': 'double', 'cost_cny': 'decimal(18, 2)', 'owner': text,
            },
        },
        'sku_alias': {
            'key': ['channel', 'shop_id', 'channel_sku_code'], 'since': none, 'fields': {'sku_code': text},
        },
        'warehouse': {
            'key': ['warehouse_code'], 'since': none, 'other': ['address'],
            'fields': {
                'name': text, 'province': text, 'city': text, 'district': text, 'latitude': 'double',
                'longitude': 'double', 'owner': text,
            },
        },
        'resource': {
            'key': ['resource_code'], 'since': 'valid_from',
            'fields': {
                'resource_type': text, 'name': text, 'adcode': text, 'latitude': 'double',
                'longitude': 'double', 'service_radius_km': 'double', 'skills': text,
                'temperature_zones': text, 'capacity_per_day': 'decimal(18, 3)', 'valid_to': 'timestamp',
            },
        },
        'carrier': {
            'key': ['carrier', 'adcode', 'service_level'], 'since': 'valid_from',
            'fields': {'promised_hours': 'double', 'valid_to': 'timestamp'},
        },
    }[entity]) }}
{%- endmacro %}

{#- The key of a master row as one text. Argument: an entity, the alias of its relation. -#}
{% macro record_key(entity, alias) -%}
    {%- set said = luyue.correctable(entity) -%}
    {%- for column in said['key'] -%}
        coalesce({{ alias }}.{{ column }}, ''){{ " || '/' || " if not loop.last }}
    {%- endfor -%}
    {%- if said['since'] %} || coalesce('@' || cast({{ alias }}.{{ said['since'] }} as {{ dbt.type_string() }}), ''){% endif -%}
{%- endmacro %}
