{#-
    Makes the stores outside the warehouse readable as relations of the schema `lake`: a view a feed,
    plus `batches`, `quarantine`, `addresses` and `members`. Runs before each build.
    Input: LUYUE_LAKE, LUYUE_ADDRESSES (folders), LUYUE_IDENTITY_MEMBERS (a file), LUYUE_BATCHES (the ledger
    in one file; without it, one file a batch, which takes seconds where there are thousands).
-#}
{% macro register_lake() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed', 'test', 'show', 'compile') -%}
        {%- set stores = {
            'batches': env_var('LUYUE_BATCHES', env_var('LUYUE_LAKE', '') ~ '/_batches/*.parquet'),
            'quarantine': env_var('LUYUE_LAKE', '') ~ '/_quarantine/*.parquet',
            'addresses': env_var('LUYUE_ADDRESSES', '') ~ '/*.parquet',
            'members': env_var('LUYUE_IDENTITY_MEMBERS', ''),
        } -%}
        {%- if env_var('LUYUE_LAKE', '') != '' -%}
            {%- do run_query('create schema if not exists lake') -%}
            {%- for node in graph.sources.values() | selectattr('source_name', 'equalto', 'lake') -%}
                {%- set files = stores.get(node.name, env_var('LUYUE_LAKE') ~ '/' ~ node.name ~ '/**/*.parquet') -%}
                {%- do run_query(external_view('lake.' ~ node.name, files)) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- A view over Parquet files. Input: relation name, path or glob. -#}
{% macro external_view(name, files) -%}
    {{ return(adapter.dispatch('external_view', 'luyue')(name, files)) }}
{%- endmacro %}

{% macro default__external_view(name, files) -%}
    {%- set path = files | replace("'", "''") -%}
    {{ return("create or replace view " ~ name ~ " as select * from read_parquet('" ~ path
        ~ "', union_by_name = true, hive_partitioning = false)") }}
{%- endmacro %}
