{#-
    The newest state of each business key of a staged feed, column by column: of two exports of a row
    the later wins, but a column that the later file did not carry keeps its earlier value (an empty
    cell of a carried column wins). Within one file the last line wins.

    Input: a relation (a ref, or a query in brackets) with the columns given plus batch_id, source_line,
    exported_at, source, carried_columns, extras; the key; the other columns. Output: one row per key:
    key, columns, extras of the newest that has any, source and batch_id of the newest,
    first_exported_at, last_exported_at.

    Only the newest row per key and set of carried columns, extras among them, is looked at column by
    column: nearly always one row a key, found by a hash aggregate over a few narrow columns (1 M rows
    of 45 columns: a third of the time that ranking whole rows by a window took). A row is told by its
    file and line, so the macro is not for feeds of which one line of a file gives several rows (tracks).
-#}
{% macro newest_by_column(relation, key, columns) -%}
{%- set version_no = 'batches.batch_rank * 1000000000 + exported.source_line' -%}
select
    {%- for column in key %}
    exported.{{ column }},
    {%- endfor %}
    {%- for column in columns %}
    {{ value_of_newest('exported.' ~ column, 'newest.version_no') }}
        filter (where exported.carried_columns like '%,{{ carried_name(column) }},%') as {{ column }},
    {%- endfor %}
    {{ value_of_newest('exported.extras', 'newest.version_no') }}
        filter (where exported.extras is not null) as extras,
    {{ value_of_newest('exported.source', 'newest.version_no') }} as source,
    {{ value_of_newest('exported.batch_id', 'newest.version_no') }} as batch_id,
    min(newest.first_exported_at) as first_exported_at,
    max(newest.last_exported_at) as last_exported_at
from {{ relation }} as exported
inner join {{ ref('int_batches__ranked') }} as batches
    on exported.batch_id = batches.batch_id
inner join (
    select
        {%- for column in key %}
        exported.{{ column }},
        {%- endfor %}
        exported.carried_columns,
        max({{ version_no }}) as version_no,
        min(exported.exported_at) as first_exported_at,
        max(exported.exported_at) as last_exported_at
    from {{ relation }} as exported
    inner join {{ ref('int_batches__ranked') }} as batches
        on exported.batch_id = batches.batch_id
    group by
        {%- for column in key %}
        exported.{{ column }},
        {%- endfor %}
        exported.carried_columns,
        exported.extras is null
) as newest
    on {{ version_no }} = newest.version_no
group by
    {%- for column in key %}
    exported.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The feed column behind a lake column: a token and a mask are carried with their value. -#}
{% macro carried_name(column) -%}
    {{ return(modules.re.sub('_(token|mask)$', '', column)) }}
{%- endmacro %}
