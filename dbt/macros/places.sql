{#- A point as text, latitude before longitude, with six decimals (a tenth of a metre); null without one. -#}
{% macro point(latitude, longitude) -%}
    cast(cast({{ latitude }} as decimal(9, 6)) as {{ dbt.type_string() }})
    || ','
    || cast(cast({{ longitude }} as decimal(9, 6)) as {{ dbt.type_string() }})
{%- endmacro %}

{#-
    Kilometres between two points on the earth (haversine, mean radius 6371.0088 km; after R. W. Sinnott, Sky
    and Telescope 68 (1984)). Arguments: degrees. Null where one is null: `least` leaves nulls out, so its one must
    be null, too. Rounding may bring the root a hair above one.
-#}
{% macro kilometres_between(latitude, longitude, other_latitude, other_longitude) -%}
    2 * 6371.0088 * asin(least(1.0 + 0 * (
        {{ latitude }} + {{ longitude }} + {{ other_latitude }} + {{ other_longitude }}
    ), sqrt(
        power(sin(radians({{ other_latitude }} - {{ latitude }}) / 2), 2)
        + cos(radians({{ latitude }})) * cos(radians({{ other_latitude }}))
        * power(sin(radians({{ other_longitude }} - {{ longitude }}) / 2), 2)
    )))
{%- endmacro %}
