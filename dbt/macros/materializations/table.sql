{#-
    A table takes the place of the one before in one statement and one transaction. dbt-duckdb's own way
    (build beside, look up keys and indexes in the catalogue, rename twice, drop) costs a processor thrice the
    statements: it is for databases that cannot replace a table, and for keys that nothing here has.
-#}
{% materialization table, adapter='duckdb' -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- do luyue.drop_other_kind(target_relation) -%}
    {% call statement('main') -%}
        {{ luyue.replaced_table(target_relation, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}

{% materialization view, adapter='duckdb' -%}
    {%- set target_relation = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- do luyue.drop_other_kind(target_relation) -%}
    {% call statement('main') -%}
        create or replace view {{ target_relation }} as (
            {{ compiled_code }}
        )
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}

{#- The statements that replace a table; of a model with a contract, by its columns, types and constraints. -#}
{% macro replaced_table(relation, query) -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(query) }}
        create or replace table {{ relation }} {{ get_table_columns_and_constraints() }};
        insert into {{ relation }} {{ get_column_names() }} (
            {{ get_select_subquery(query) }}
        )
    {%- else -%}
        create or replace table {{ relation }} as (
            {{ query }}
        )
    {%- endif -%}
{%- endmacro %}

{#-
    Drops a view where a table comes, and the other way round: what the code of before built. An increment is
    never of other code, and does not ask.
-#}
{% macro drop_other_kind(relation) -%}
    {%- if not luyue.is_increment() -%}
        {%- set before = load_cached_relation(relation) -%}
        {%- if before is not none and before.type != relation.type -%}
            {%- do adapter.drop_relation(before) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
