{#- Lines that count, as the ledger holds them: entries, and entries that reverse them. -#}


{#- The columns of a line that counts, beside where it was last shown. -#}
{% macro booked_columns() -%}
    {{ return([
        'warehouse_code', 'sku_code', 'movement_id', 'line_key', 'movement_type', 'quantity', 'occurred_at',
        'document_no', 'channel_order_id', 'source', 'first_exported_at', 'recorded_at', 'known_at',
    ]) }}
{%- endmacro %}

{#- Whether two rows tell the same of the same line. Arguments: two aliases. -#}
{% macro same_movement(one, other) -%}
    {% for column in ['warehouse_code', 'movement_id', 'line_key', 'quantity', 'occurred_at'] -%}
        {{ one }}.{{ column }} = {{ other }}.{{ column }} and{{ ' ' }}
    {%- endfor %}
    {% for column in ['sku_code', 'movement_type', 'document_no', 'channel_order_id', 'source',
        'first_exported_at', 'recorded_at', 'known_at'] -%}
        {{ one }}.{{ column }} is not distinct from {{ other }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The entries of a relation in the form of the ledger that none of its entries has reversed. -#}
{% macro standing_entries(relation) -%}
    select
        {% for column in booked_columns() -%}
        entries.{{ column }},
        {% endfor -%}
        entries.exported_at,
        entries.run_no
    from {{ relation }} as entries
    left join {{ relation }} as reversals
        on
            entries.warehouse_code = reversals.warehouse_code
            and entries.movement_id = reversals.movement_id
            and entries.line_key = reversals.line_key
            and entries.run_no = reversals.reverses_no
    where
        entries.reverses_no is null
        and reversals.reverses_no is null
{%- endmacro %}
