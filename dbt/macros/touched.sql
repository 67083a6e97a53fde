{#-
    Models of which a run builds only what is touched. Two kinds:
    - a slice: a table or view (tag `slice`) that in an increment holds the rows of touched orders only, as
      all that it reads does; nothing that wants every row may read it;
    - a kept model: materialized `incremental`, strategy `touched`: the rows of touched keys are built anew,
      laid aside in the schema `touched` for the models that follow, and take the place of those before.
    In a whole build, on another engine than DuckDB, and in unit tests both are built of everything.
-#}

{#- Whether this build is an increment; false while dbt parses or compiles. -#}
{% macro is_increment() -%}
    {%- if not execute or not luyue.has_increments() -%}{{ return(false) }}{%- endif -%}
    {{ return(run_query('select is_increment from increments.this_run').rows[0][0]) }}
{%- endmacro %}

{#- What the incremental materialization asks of a model; all other models and seeds say it themselves. -#}
{% macro should_full_refresh() -%}
    {%- if config.get('incremental_strategy') in ('touched', 'new_batches') -%}
        {{ return(not luyue.is_increment()) }}
    {%- endif -%}
    {%- set step = config.get('meta', {}).get('stock_step') -%}
    {%- if step and not luyue.stock_step_is_of_this_code(step) -%}{{ return(true) }}{%- endif -%}
    {%- set said = config.get('full_refresh') -%}
    {{ return(flags.FULL_REFRESH if said is none else said) }}
{%- endmacro %}

{#- A relation whole, or in an increment its rows of touched orders. Argument: a ref. -#}
{% macro touched(relation) -%}
    {%- if not execute -%}{%- do ref('int_orders__touched') -%}{%- endif -%}
    {{ return(luyue.slice_of(relation) if luyue.is_increment() else relation) }}
{%- endmacro %}

{% macro slice_of(relation) -%}
    {{ return(api.Relation.create(database=target.database, schema='touched', identifier=relation.identifier)) }}
{%- endmacro %}

{#- A kept model as the last run left it (or, once built, this one): read without waiting for it. -#}
{% macro standing(model_name) -%}
    {{ return(api.Relation.create(database=target.database, schema='intermediate', identifier=model_name)) }}
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

{#- Conditions; in a whole build all is news and touched. An alias is that of the relation asked about. -#}
{% macro is_news(alias=none) -%}
    {{ (alias ~ '.' if alias else '') ~ 'batch_id in (select batch_id from increments.news)'
        if luyue.is_increment() else 'true' }}
{%- endmacro %}

{% macro is_touched(alias) -%}
    {%- if luyue.is_increment() -%}
        exists (
            select 1 from {{ luyue.standing('int_orders__touched') }} as keys
            where keys.channel = {{ alias }}.channel and keys.channel_order_id = {{ alias }}.channel_order_id
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#- A time between the cut-offs of the last settled build and of this one: it has come to pass since. -#}
{% macro has_come(at) -%}
    ({{ at }} > (select settled_as_of from increments.this_run) and {{ at }} <= {{ as_of() }})
{%- endmacro %}

{#- Hook of int_orders__touched: the exported rows of its orders, laid aside for `touched` to find. -#}
{% macro lay_touched_aside() -%}
    {%- if execute and luyue.is_increment() -%}
        {%- for schema, name in [
            ('intermediate', 'int_orders__exported'), ('staging', 'stg_aftersales'),
            ('intermediate', 'int_aftersales__deduplicated'), ('staging', 'stg_order_events'),
        ] -%}
            create or replace table touched.{{ name }} as
            select rows_of.* from {{ schema }}.{{ name }} as rows_of
            where
                {% if name == 'stg_order_events' %}
                    event_id in (
                        select event_id from {{ schema }}.{{ name }} as told where {{ luyue.is_touched('told') }}
                    )
                {% else %}
                    {{ luyue.is_touched('rows_of') }}
                {% endif %};
        {%- endfor -%}
    {%- endif -%}
    select 1
{%- endmacro %}
