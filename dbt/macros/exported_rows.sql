{#-
    Every exported row of a feed up to the cut-off, of accepted batches only: the columns given, where
    the row came from, and what the ledger says of its batch. What all staging models of feeds are.
-#}
{% macro exported_rows(feed, columns) -%}
select
    {%- for column in columns + [
        'extras', 'source', 'batch_id', 'source_file', 'source_line', 'exported_at',
    ] %}
    exported.{{ column }},
    {%- endfor %}
    batches.arrival_seq,
    batches.grain,
    batches.carried_columns
from {{ source('lake', feed) }} as exported
inner join {{ source('lake', 'batches') }} as batches
    on exported.batch_id = batches.batch_id
where
    exported.exported_at <= {{ as_of() }}
    and batches.state = 'accepted'
{%- endmacro %}
