{#-
    The newest state of each business key of a staged feed, column by column: of two exports of a row the
    later wins, but a column that the later file did not carry keeps its earlier value (an empty cell of a
    carried column wins). Within one file the last line wins.

    Input: a relation with the columns given plus exported_at, arrival_seq, source_line, carried_columns;
    the key; the other columns. Output: one row per key: key, columns, first_exported_at, last_exported_at,
    newest source and batch_id.
-#}
{% macro newest_by_column(relation, key, columns) -%}
select
    {%- for column in key %}
    {{ column }},
    {%- endfor %}
    {%- for column in columns %}
    {{ value_of_newest(column, 'version_no') }}
        filter (where carried_columns like '%,{{ carried_name(column) }},%') as {{ column }},
    {%- endfor %}
    {{ value_of_newest('extras', 'version_no') }} as extras,
    {{ value_of_newest('source', 'version_no') }} as source,
    {{ value_of_newest('batch_id', 'version_no') }} as batch_id,
    min(exported_at) as first_exported_at,
    max(exported_at) as last_exported_at
from (
    select
        *,
        row_number() over (
            partition by {{ key | join(', ') }}
            order by
                exported_at asc nulls last,
                arrival_seq asc nulls last,
                source_line asc nulls last,
                source asc nulls last
        ) as version_no
    from {{ relation }}
) as versions
group by {{ key | join(', ') }}
{%- endmacro %}

{#- The feed column behind a lake column: a token and a mask are carried with their value. -#}
{% macro carried_name(column) -%}
    {{ return(modules.re.sub('_(token|mask)$', '', column)) }}
{%- endmacro %}
