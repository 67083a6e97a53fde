{#-
    Whether a text with commas, spaces allowed, holds a word as one of its parts; null where the text says nothing.
    Example: lists_word('temperature_zones', "'frozen'").
-#}
{% macro lists_word(text, word) -%}
    (',' || replace({{ text }}, ' ', '') || ',' like '%,' || {{ word }} || ',%')
{%- endmacro %}
