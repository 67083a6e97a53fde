{#-
    Models of which a run builds only what is touched. Two kinds:
    - a slice: a table or view (tag `slice`) that in an increment holds the rows of touched orders only, as
      all that it reads does; nothing that wants every row may read it;
    - a kept model: materialized `incremental`, strategy `touched`: the rows of touched keys are built anew,
      laid aside in the schema `touched` for the models that follow, and take the place of those before.
    In a whole build, on another engine than DuckDB, and in unit tests both are built of everything.
-#}

{#-
    Whether this build is an increment; false while dbt parses or compiles. Asked many times by one model:
    begin_increment leaves the answer in dbt's graph, which all nodes of a build share.
-#}
{% macro is_increment() -%}
    {%- if not execute or not luyue.has_increments() -%}{{ return(false) }}{%- endif -%}
    {{ return(graph.get('is_increment', false)) }}
{%- endmacro %}

{#- A relation whole, or in an increment its rows of touched orders. Argument: a ref. -#}
{% macro touched(relation) -%}
    {%- if not execute -%}{%- do ref('int_orders__touched') -%}{%- endif -%}
    {{ return(luyue.slice_of(relation) if luyue.is_increment() else relation) }}
{%- endmacro %}

{#-
    A relation whole, or in an increment its rows of the orders whose timeline is told anew: the touched ones
    and those of which something else told (int_orders__retold). Argument: a ref to a model, or a CTE, that is whole.
-#}
{% macro retold(relation) -%}
    {%- if not execute -%}{%- do ref('int_orders__retold') -%}{%- endif -%}
    {%- if not luyue.is_increment() -%}{{ return(relation) }}{%- endif -%}
    (
        select rows_of.* from {{ relation }} as rows_of
        where exists (
            select 1 from {{ luyue.standing('int_orders__retold') }} as keys
            where keys.channel = rows_of.channel and keys.channel_order_id = rows_of.channel_order_id
        )
    )
{%- endmacro %}

{% macro slice_of(relation) -%}
    {{ return(api.Relation.create(database=target.database, schema='touched', identifier=relation.identifier)) }}
{%- endmacro %}

{#- A kept model as the last run left it (or, once built, this one): read without waiting for it. -#}
{% macro standing(model_name) -%}
    {{ return(api.Relation.create(database=target.database, schema='intermediate', identifier=model_name)) }}
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

{#-
    Hook of the models that name touched orders: they stay touched until a build is settled. What a killed build
    made of them may rest on something that is as it was at the last settled one when the next build begins.
-#}
{% macro note_unsettled() -%}
    {%- if execute and luyue.is_increment() -%}
        insert into increments.unsettled
        select channel, channel_order_id from {{ this }}
        except distinct
        select channel, channel_order_id from increments.unsettled
    {%- else -%}
        select 1
    {%- endif -%}
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
