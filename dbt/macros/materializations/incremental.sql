{#-
    An incremental model: its new rows laid in a temporary table, and what its strategy makes of them, in one
    transaction; or everything anew. A table whose columns are other than the query's fails on the insertion;
    other code makes all anew (should_full_refresh), so that it is not looked for here.
-#}
{% materialization incremental, adapter='duckdb' -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set before = load_cached_relation(this) -%}
    {%- set is_whole = before is none or before.is_view or should_full_refresh() -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if is_whole -%}
        {%- do luyue.drop_other_kind(target_relation) -%}
        {% call statement('main') -%}
            {{ luyue.replaced_table(target_relation, compiled_code) }}
        {%- endcall %}
    {%- else -%}
        {%- set temporary = make_temp_relation(target_relation) -%}
        {% call statement('new_rows') -%}
            create temporary table {{ temporary }} as (
                {{ compiled_code }}
            )
        {%- endcall %}
        {%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy')) -%}
        {% call statement('main') -%}
            {{ strategy({
                'target_relation': target_relation, 'temp_relation': temporary,
                'unique_key': config.get('unique_key'),
                'dest_columns': adapter.get_columns_in_relation(target_relation),
                'incremental_predicates': none,
            }) }};
            drop table {{ temporary }}
        {%- endcall %}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}
