{#-
    What an increment compares, row for row, with what it was at the last settled build: models that are built
    whole, and that orders rest on without a batch that speaks of the order. Output: model name to columns.
-#}
{% macro compared() -%}
    {{ return({
        'int_sku_aliases__deduplicated': ['channel', 'shop_id', 'channel_sku_code', 'sku_code'],
        'int_addresses__current': ['address_token', 'address_key_token'],
        'int_order_events__traced': [
            'evidence', 'channel', 'channel_order_id', 'event_code', 'occurred_at',
        ],
        'int_orders__links': [
            'parent_channel', 'parent_channel_order_id', 'channel', 'channel_order_id', 'evidence',
            'first_seen_at',
        ],
    }) }}
{%- endmacro %}

{#- The statements that note how they stand now. -#}
{% macro compared_tables() -%}
    {%- for name, columns in luyue.compared().items() %}
        create or replace table increments.settled_{{ name }} as
            select {{ columns | join(', ') }} from {{ luyue.standing(name) }};
    {%- endfor %}
{%- endmacro %}

{#- A query: rows that a model has and had not, or had and has not. Argument: a name of `compared`. -#}
{% macro changed_rows(name) -%}
    {%- set columns = luyue.compared()[name] | join(', ') -%}
    (
        select {{ columns }} from {{ ref(name) }}
        except distinct
        select {{ columns }} from increments.settled_{{ name }}
    )
    union all
    (
        select {{ columns }} from increments.settled_{{ name }}
        except distinct
        select {{ columns }} from {{ ref(name) }}
    )
{%- endmacro %}
