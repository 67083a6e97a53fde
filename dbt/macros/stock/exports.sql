{#- What exports show of document numbers: kept beside the store of exported lines, in its transaction. -#}

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
    {% if doing.is_whole %}delete from increments.stock_exports;{% endif %}
    insert into increments.stock_exports by name
        {{ luyue.shown_by_exports(keyed, 'run_no = ' ~ doing.run_no) }};
{%- endmacro %}

{#- All exports, as a relation. -#}
{% macro stock_exports(keyed) -%}
    {{ return(adapter.dispatch('stock_exports', 'luyue')(keyed)) }}
{%- endmacro %}
{% macro default__stock_exports(keyed) -%}
    increments.stock_exports
{%- endmacro %}
{% macro spark__stock_exports(keyed) -%}
    ({{ luyue.shown_by_exports(keyed, 'true') }})
{%- endmacro %}
