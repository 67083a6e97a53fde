{#- Which batches a store of exported rows holds (increments.stock_batches), and which are new to it. -#}

{#- Ids of a feed's batches that a store has not taken yet; none where one that it holds is gone or another. -#}
{% macro new_batches(step, feed) -%}
    {%- set rows = run_query("
        select now.batch_id, had.batch_id is not null
        from (select * from increments.stock_batches where step = '" ~ step ~ "') as had
        full join (
            select batch_id, exported_at, arrival_seq from lake.batches
            where feed = '" ~ feed ~ "' and state = 'accepted' and exported_at <= " ~ as_of() ~ "
        ) as now
            on had.batch_id = now.batch_id and had.exported_at = now.exported_at
            and had.arrival_seq = now.arrival_seq
        where had.batch_id is null or now.batch_id is null
        order by 1").rows -%}
    {{ return(none if rows | selectattr(1) | list else rows | map(attribute=0) | list) }}
{%- endmacro %}

{#- The condition that keeps the rows of batches that a store does not hold yet; literals, so that other files are not read. -#}
{% macro in_new_batches(column, step) -%}
    {{ return('true' if step.is_whole else column ~ " in ('" ~ step.batches | join("', '") ~ "')") }}
{%- endmacro %}
