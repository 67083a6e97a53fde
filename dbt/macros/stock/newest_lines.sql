{#-
    The newest state of each line of a relation in the form of int_stock_movements__keyed, column by column: as
    newest_by_column, and by it where the exports of a line carried different columns. All others, nearly every
    one, take their newest row as it is, at half the cost.
-#}
{% macro newest_of_lines(lines) -%}
    {%- set key = ['warehouse_code', 'movement_id', 'line_key'] -%}
    {%- set columns = [
        'sku_code', 'movement_type', 'quantity', 'occurred_at', 'recorded_at', 'document_no', 'channel_order_id',
    ] -%}
    {%- set version_no = 'batches.batch_rank * 1000000000 + exported.source_line' -%}
    with shown as (
        select
            {% for column in key -%}
            exported.{{ column }},
            {% endfor -%}
            max({{ version_no }}) as version_no,
            min(exported.exported_at) as first_exported_at,
            max(exported.exported_at) as last_exported_at,
            min(batches.form_no) = max(batches.form_no) as is_of_one_form
        from {{ lines }} as exported
        inner join {{ ref('int_batches__ranked') }} as batches
            on exported.batch_id = batches.batch_id
        group by {% for column in key %}exported.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    ),

    -- Where all exports of a line carried the same columns, the newest row is the newest of each column.
    of_other_forms as (
        select exported.*, batches.carried_columns
        from {{ lines }} as exported
        inner join {{ ref('int_batches__ranked') }} as batches
            on exported.batch_id = batches.batch_id
        inner join shown
            on
                {% for column in key -%}
                exported.{{ column }} = shown.{{ column }} and{{ ' ' }}
                {%- endfor %}
                not shown.is_of_one_form
    )

    select
        {% for column in key + columns + ['source', 'batch_id'] -%}
        exported.{{ column }},
        {% endfor -%}
        shown.first_exported_at,
        shown.last_exported_at
    from {{ lines }} as exported
    inner join {{ ref('int_batches__ranked') }} as batches
        on exported.batch_id = batches.batch_id
    inner join shown
        on {{ version_no }} = shown.version_no
    where shown.is_of_one_form
    union all
    select
        {{ (key + columns + ['source', 'batch_id']) | join(', ') }},
        first_exported_at,
        last_exported_at
    from ({{ newest_by_column('of_other_forms', key, columns) }}) as of_each_column
{%- endmacro %}
