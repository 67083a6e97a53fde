{#- The control totals of the ledger: how many entries and pieces each run has added, noted as it adds them. -#}

{#- Statements in the transaction of the ledger. Arguments: the ledger, and what it does in this run. -#}
{% macro stock_totals_noted(ledger, doing) -%}
    {%- if 'stock' not in graph -%}{{ return('') }}{%- endif -%}
    {% if doing.is_whole %}delete from increments.stock_totals;{% endif %}
    insert into increments.stock_totals
        select run_no, count(*), sum(quantity) from {{ ledger }}
        where run_no = {{ doing.run_no }}
        group by run_no;
{%- endmacro %}

{#- All runs together, as a relation: entry_count, quantity. -#}
{% macro stock_totals() -%}
    (
        select coalesce(sum(entry_count), 0) as entry_count, coalesce(sum(quantity), 0) as quantity
        from increments.stock_totals
    )
{%- endmacro %}
