{#- The configuration of a step: its name, the key by which it is merged (none: rows are added), its
    feed, and whether the total of each run is noted. -#}
{% macro stock_model(step, key=none, feed=none, has_totals=false) -%}
    {{ config(
        materialized='incremental',
        incremental_strategy='stock_merge' if key else 'stock_append',
        unique_key=key,
        on_schema_change='fail',
        meta={'stock_step': step},
        post_hook=([{'sql': '{{ stock_totals_noted() }}', 'transaction': true}] if has_totals else []) + [{'sql': "{{ stock_step_taken('" ~ step ~ "'" ~ (", '" ~ feed ~ "'" if feed else '') ~ ") }}", 'transaction': true}],
    ) }}
{%- endmacro %}

{#-
    Whether the step's table was made by this very code; else it may have other columns, or be no step's table
    at all, and is made anew as a table, not only emptied.
-#}
{% macro stock_step_is_of_this_code(step) -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') or model.resource_type != 'model' -%}{{ return(true) }}{%- endif -%}
    {{ return(run_query("select 1 from increments.stock_steps where step = '" ~ step ~ "' and code = '"
        ~ env_var('LUYUE_CODE', '') ~ "'").rows | length > 0) }}
{%- endmacro %}

{#- Strategies: rows are added, or merged by key; a step that is built anew first loses what it had. -#}
{% macro get_incremental_stock_append_sql(arguments) -%}
    {%- set columns = arguments['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {{ luyue.forgotten_if_whole(arguments['target_relation']) }}
    insert into {{ arguments['target_relation'] }} ({{ columns }})
        select {{ columns }} from {{ arguments['temp_relation'] }}
{%- endmacro %}

{% macro get_incremental_stock_merge_sql(arguments) -%}
    {%- set target_relation = arguments['target_relation'] -%}
    {%- set columns = arguments['dest_columns'] | map(attribute='name') | list -%}
    {%- set key = arguments['unique_key'] -%}
    {{ luyue.forgotten_if_whole(target_relation) }}
    merge into {{ target_relation }} as had
    using {{ arguments['temp_relation'] }} as new
        on {% for column in key %}had.{{ column }} = new.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    when matched then update set
        {% for column in columns if column not in key %}{{ column }} = new.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    when not matched then insert ({{ columns | join(', ') }})
        values (new.{{ columns | join(', new.') }})
{%- endmacro %}

{% macro forgotten_if_whole(relation) -%}
    {%- set step = config.get('meta')['stock_step'] -%}
    {%- if run_query("select bool_or(is_whole) from increments.stock_doing where step = '" ~ step ~ "'").rows[0][0] -%}
        delete from {{ relation }};
    {%- endif -%}
{%- endmacro %}
