{#- A point as text, latitude before longitude, with six decimals (a tenth of a metre); null without one. -#}
{% macro point(latitude, longitude) -%}
    cast(cast({{ latitude }} as decimal(9, 6)) as {{ dbt.type_string() }})
    || ','
    || cast(cast({{ longitude }} as decimal(9, 6)) as {{ dbt.type_string() }})
{%- endmacro %}
