{#- What exports show of document numbers: a table of its own, written in the transaction of the store of lines. -#}

{#- As a query over exported lines of which a condition holds. -#}
{% macro shown_by_exports(keyed, condition) -%}
    select
        source,
        warehouse_code,
        exported_at,
        left(movement_id, 2) as id_start,
        length(movement_id) as id_length,
        min(movement_id) as least_id,
        max(movement_id) as greatest_id,
        min(
            case
                when movement_type = 'sales_out' and channel_order_id is not null and quantity <> 0
                    then occurred_at
            end
        ) as first_issue_at,
        run_no
    from {{ keyed }}
    where {{ condition }}
    group by source, warehouse_code, exported_at, left(movement_id, 2), length(movement_id), run_no
{%- endmacro %}

{#- Statements in the transaction of the store. Arguments: the store, and what it does in this run. -#}
{% macro stock_exports_noted(keyed, doing) -%}
    {%- set exports = keyed.incorporate(path={'identifier': 'int_stock_movements__exports'}) -%}
    {{ 'create or replace table ' ~ exports ~ ' as' if doing.is_whole else 'insert into ' ~ exports ~ ' by name' }}
        {{ luyue.shown_by_exports(keyed, 'run_no = ' ~ doing.run_no) }};
{%- endmacro %}

{#- A table that another model writes beside its own: here it only has to be there. -#}
{% materialization noted, adapter='duckdb' -%}
    {% call statement('main') -%}
        select 1 from {{ this }} limit 0
    {%- endcall %}
    {%- do adapter.commit() -%}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{%- endmaterialization %}
