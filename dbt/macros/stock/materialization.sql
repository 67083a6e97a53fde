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
    {%- set doing = luyue.stock_doing(said['stock_step']) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- if said['feed'] and not doing.is_whole and not doing.batches -%}
        {#- Without a new batch nothing changes, and the step stands where it stood. -#}
        {%- call noop_statement('main', 'STANDS') -%}{%- endcall -%}
        {{ return({'relations': [target_relation]}) }}
    {%- endif -%}
    {%- if doing.is_whole -%}{%- do luyue.drop_other_kind(target_relation) -%}{%- endif -%}
    {% call statement('main') -%}
        {% if doing.is_whole -%}
            create or replace table {{ target_relation }} as ({{ compiled_code }});
        {%- elif config.get('unique_key') -%}
            {{ luyue.merged_rows(target_relation, compiled_code, config.get('unique_key')) }};
        {%- else -%}
            insert into {{ target_relation }} by name ({{ compiled_code }});
        {%- endif %}
        {% if said['notes'] %}{{ luyue[said['notes'] ~ '_noted'](target_relation, doing) }}{% endif %}
        {% if 'stock' in graph %}{{ luyue.stock_step_taken(said['stock_step'], said['feed']) }}{% endif %}
    {%- endcall %}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}

{#- What a step has decided (stock_step); where no steps are kept, as in trials of rules, it is of everything. -#}
{% macro stock_doing(step) -%}
    {{ return(graph.get('stock', {'doing': {}}).doing.get(step, {'is_whole': true, 'run_no': 0})) }}
{%- endmacro %}

{#-
    Statements that put the rows of a query into a relation: each says by `had_row` which of its rows it takes the
    place of (row_place), or none. Made beside it first: a merge whose rows are still a query is planned as if they
    were many, and reads the whole relation into memory for them; and the query has joined it by its key already
    (duckdb 2.0).
-#}
{% macro merged_rows(relation, query, key) -%}
    {%- set columns = run_query('select * from ' ~ relation ~ ' limit 0').column_names -%}
    create or replace temp table made as ({{ query }});
    update {{ relation }} as had
    set {% for column in columns if column not in key %}{{ column }} = made.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    from made where had.rowid = made.had_row;
    insert into {{ relation }} by name
        select {{ columns | join(', ') }} from made
        where had_row is null;
    drop table made
{%- endmacro %}

{#- Where a row of a step's own table lies, for `had_row`. Argument: the alias under which it is read. -#}
{% macro row_place(alias) -%}
    {{ return(adapter.dispatch('row_place', 'luyue')(alias)) }}
{%- endmacro %}

{% macro duckdb__row_place(alias) -%}
    {{ return(alias ~ '.rowid') }}
{%- endmacro %}

{% macro default__row_place(alias) -%}
    {{ exceptions.raise_compiler_error('only duckdb merges into a step; elsewhere it is made whole') }}
{%- endmacro %}

{#-
    Spark merges no Parquet and has no transactions: nothing can be taken exactly once, so a step is of everything
    (stock_step says so) and its table is overwritten whole. Its SQL is parsed in tests; it has run nowhere yet.
-#}
{% materialization stock_step, adapter='spark' -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set before = load_cached_relation(this) -%}
    {%- set is_new = before is none or before.is_view or flags.FULL_REFRESH -%}
    {%- if is_new and before is not none -%}{%- do adapter.drop_relation(before) -%}{%- endif -%}
    {% call statement('main') -%}
        {{ luyue.overwritten_rows(target_relation, compiled_code, is_new) }}
    {%- endcall %}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}

{% macro overwritten_rows(relation, query, is_new) -%}
    {{ 'create table ' ~ relation ~ ' using parquet as' if is_new else 'insert overwrite table ' ~ relation ~ ' by name' }}
    select * from ({{ query }}) as made
{%- endmacro %}
