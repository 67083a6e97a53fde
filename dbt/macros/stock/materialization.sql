{#-
    How a step is built: made anew, or its new rows are added or, where it has a key, merged; what it has then
    taken is written in the same transaction, and nothing else is asked of the database.
-#}

{#- The configuration of a step: its name, the key by which it is merged (none: rows are added), its feed,
    and what else it notes as it is built: `stock_exports` or `stock_totals`. -#}
{% macro stock_model(step, key=none, feed=none, notes=none) -%}
    {{ config(
        materialized='stock_step',
        unique_key=key,
        meta={'stock_step': step, 'feed': feed, 'notes': notes},
    ) }}
{%- endmacro %}

{% materialization stock_step, adapter='duckdb' -%}
    {%- set said = config.get('meta') -%}
    {%- set doing = graph['stock'].doing[said['stock_step']] -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- if doing.is_whole -%}{%- do luyue.drop_other_kind(target_relation) -%}{%- endif -%}
    {% call statement('main') -%}
        {% if doing.is_whole -%}
            create or replace table {{ target_relation }} as ({{ compiled_code }});
        {%- elif config.get('unique_key') -%}
            {{ luyue.merged_rows(target_relation, compiled_code, config.get('unique_key')) }};
        {%- elif doing.batches or not said['feed'] -%}
            insert into {{ target_relation }} by name ({{ compiled_code }});
        {%- endif %}
        {% if said['notes'] %}{{ luyue[said['notes'] ~ '_noted'](target_relation, doing) }}{% endif %}
        {{ luyue.stock_step_taken(said['stock_step'], said['feed']) }}
    {%- endcall %}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}

{% macro merged_rows(relation, query, key) -%}
    merge into {{ relation }} as had
    using ({{ query }}) as new
        using ({{ key | join(', ') }})
    when matched then update by name
    when not matched then insert by name
{%- endmacro %}
