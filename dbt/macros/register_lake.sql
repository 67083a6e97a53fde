{#-
    Makes the stores outside the warehouse readable as relations of the schema `lake`: a view a feed,
    plus `cut_off` (the run's, one row), `batches`, `quarantine`, `corrections`, `addresses`, `places`, `divisions`,
    `members`, `golden`, `identity_quality`, `published_things`, `published_steps` and
    `quality_…`. Runs before each build.
    A source's meta may name `later_columns` (name: type), which files of before do not have: null in them;
    where there are no files at all, the source is empty with these columns.
    Input: LUYUE_LAKE, LUYUE_ADDRESSES, LUYUE_HISTORY, LUYUE_QUALITY (folders), LUYUE_IDENTITY_MEMBERS, …_GOLDEN, …_QUALITY (files),
    LUYUE_BATCHES (the ledger in one file; without it, one file a batch, which takes seconds where there
    are thousands).
-#}
{% macro register_lake() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed', 'test', 'show', 'compile') -%}
        {%- set stores = {
            'batches': env_var('LUYUE_BATCHES', env_var('LUYUE_LAKE', '') ~ '/_batches/*.parquet'),
            'quarantine': env_var('LUYUE_LAKE', '') ~ '/_quarantine/*.parquet',
            'corrections': env_var('LUYUE_LAKE', '') ~ '/_corrections.parquet',
            'addresses': env_var('LUYUE_ADDRESSES', '') ~ '/*.parquet',
            'places': env_var('LUYUE_ADDRESSES', '') ~ '/places/*.parquet',
            'divisions': env_var('LUYUE_ADDRESSES', '') ~ '/divisions/*.parquet',
            'members': env_var('LUYUE_IDENTITY_MEMBERS', ''),
            'golden': env_var('LUYUE_IDENTITY_GOLDEN', ''),
            'identity_quality': env_var('LUYUE_IDENTITY_QUALITY', ''),
            'published_things': env_var('LUYUE_HISTORY', '') ~ '/things.parquet',
            'published_steps': env_var('LUYUE_HISTORY', '') ~ '/steps/*.parquet',
            'quality_found': env_var('LUYUE_QUALITY', '') ~ '/found.parquet',
            'quality_checked': env_var('LUYUE_QUALITY', '') ~ '/checked.parquet',
            'quality_standing': env_var('LUYUE_QUALITY', '') ~ '/standing.parquet',
            'quality_scores': env_var('LUYUE_QUALITY', '') ~ '/scores.parquet',
        } -%}
        {%- if env_var('LUYUE_LAKE', '') != '' -%}
            {%- do run_query('create schema if not exists lake') -%}
            {%- if flags.WHICH in ('build', 'run') -%}
                {%- do run_query('create or replace view lake.cut_off as select ' ~ as_of() ~ ' as as_of') -%}
            {%- endif -%}
            {%- for node in graph.sources.values() | selectattr('source_name', 'equalto', 'lake') -%}
                {%- set files = stores.get(node.name, env_var('LUYUE_LAKE') ~ '/' ~ node.name ~ '/**/*.parquet') -%}
                {%- set later = node.meta.get('later_columns', {}) -%}
                {%- do run_query(external_view('lake.' ~ node.name, files, later)) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- A view over Parquet files. Input: relation name, path or glob, columns that not every file has. -#}
{% macro external_view(name, files, later) -%}
    {{ return(adapter.dispatch('external_view', 'luyue')(name, files, later)) }}
{%- endmacro %}

{% macro default__external_view(name, files, later) -%}
    {%- set path = files | replace("'", "''") -%}
    {%- set nothing -%}
        {%- for column, type in later.items() %}, cast(null as {{ type }}) as {{ column }}{% endfor -%}
    {%- endset -%}
    {%- set parts = ["select " ~ nothing[2:] ~ " where false"] if later else [] -%}
    {%- if not later or run_query("select 1 from glob('" ~ path ~ "') limit 1").rows | length -%}
        {%- do parts.append("select * from read_parquet('" ~ path
            ~ "', union_by_name = true, hive_partitioning = false)") -%}
    {%- endif -%}
    {{ return("create or replace view " ~ name ~ " as " ~ parts | join(" union all by name ")) }}
{%- endmacro %}
