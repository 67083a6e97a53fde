{#-
    JSON that files bring, read on DuckDB (`default__`) and Spark alike. Arguments are SQL text; what is no
    JSON has no values.
-#}

{#- A text of a JSON object, by a path such as `$.action`; null where there is none, or no JSON. -#}
{% macro json_text(document, path) -%}
    {{ return(adapter.dispatch('json_text', 'luyue')(document, path)) }}
{%- endmacro %}
{% macro default__json_text(document, path) -%}
    try(json_extract_string({{ document }}, '{{ path }}'))
{%- endmacro %}
{% macro spark__json_text(document, path) -%}
    get_json_object({{ document }}, '{{ path }}')
{%- endmacro %}

{#-
    One column of `extras`, by the header of the platform, whatever characters it has; null where the row
    has none. Output: text. Example: extra('orders.extras', '清关状态').
-#}
{% macro extra(extras, header) -%}
    {{ return(adapter.dispatch('extra', 'luyue')(extras, header)) }}
{%- endmacro %}
{% macro default__extra(extras, header) -%}
    try(json_extract_string({{ extras }}, '$."{{ header | replace("'", "''") }}"'))
{%- endmacro %}
{% macro spark__extra(extras, header) -%}
    get_json_object({{ extras }}, '$["{{ header | replace("'", "''") }}"]')
{%- endmacro %}

{#- A list of JSON texts from a JSON array at a path; null where there is none. -#}
{% macro json_array_texts(document, path) -%}
    {{ return(adapter.dispatch('json_array_texts', 'luyue')(document, path)) }}
{%- endmacro %}
{% macro default__json_array_texts(document, path) -%}
    cast(try(json_extract({{ document }}, '{{ path }}[*]')) as varchar[])
{%- endmacro %}
{% macro spark__json_array_texts(document, path) -%}
    transform(
        from_json(get_json_object({{ document }}, '{{ path }}'), 'array<variant>'),
        item -> to_json(item)
    )
{%- endmacro %}
