{#- Models that are kept from run to run: their configuration, and what becomes of their new rows. -#}

{#- What the incremental materialization asks of a model; all other models and seeds say it themselves. -#}
{% macro should_full_refresh() -%}
    {%- if config.get('incremental_strategy') in ('touched', 'new_batches') -%}
        {{ return(not luyue.is_increment()) }}
    {%- endif -%}
    {%- set said = config.get('full_refresh') -%}
    {{ return(flags.FULL_REFRESH if said is none else said) }}
{%- endmacro %}

{#- The configuration of a kept model; `by` is the model that names the touched keys. -#}
{% macro kept(key, by='int_orders__touched') -%}
    {%- if not execute -%}{%- do ref(by) -%}{%- endif -%}
    {{ config(
        materialized='incremental', incremental_strategy='touched', on_schema_change='fail', unique_key=key,
        meta={'touched_by': by},
    ) }}
{%- endmacro %}

{% macro get_incremental_touched_sql(arguments) -%}
    {%- set target_relation = arguments['target_relation'] -%}
    {%- set columns = arguments['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    create or replace table {{ luyue.slice_of(target_relation) }} as
        select * from {{ arguments['temp_relation'] }};
    delete from {{ target_relation }} using {{ luyue.standing(config.get('meta')['touched_by']) }} as keys
    where
        {% for column in arguments['unique_key'] %}
            {{ target_relation }}.{{ column }} = keys.{{ column }} {{ 'and' if not loop.last }}
        {% endfor %};
    insert into {{ target_relation }} ({{ columns }})
        select {{ columns }} from {{ arguments['temp_relation'] }}
{%- endmacro %}

{#- The configuration of a store of exported rows: each new batch once, also where a killed run had it. -#}
{% macro store_of_batches() -%}
    {{ config(materialized='incremental', incremental_strategy='new_batches', on_schema_change='fail') }}
{%- endmacro %}

{% macro get_incremental_new_batches_sql(arguments) -%}
    {%- set columns = arguments['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arguments['target_relation'] }}
    where batch_id in (select batch_id from increments.news);
    insert into {{ arguments['target_relation'] }} ({{ columns }})
        select {{ columns }} from {{ arguments['temp_relation'] }}
{%- endmacro %}
