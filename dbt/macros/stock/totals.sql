{#- The control totals of the ledger: how many entries and pieces each run has added, noted as it adds them. -#}

{#- Hook, in the transaction of the ledger: `this` is the ledger. -#}
{% macro stock_totals_noted() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}{{ return('select 1') }}{%- endif -%}
    delete from increments.stock_totals
    where (select bool_or(is_whole) from increments.stock_doing where step = 'ledger');
    insert into increments.stock_totals
        select run_no, count(*), sum(quantity) from {{ this }}
        where run_no = (select run_no from increments.stock_run)
        group by run_no
{%- endmacro %}

{#- All runs together, as a relation: entry_count, quantity. -#}
{% macro stock_totals() -%}
    (
        select coalesce(sum(entry_count), 0) as entry_count, coalesce(sum(quantity), 0) as quantity
        from increments.stock_totals
    )
{%- endmacro %}
