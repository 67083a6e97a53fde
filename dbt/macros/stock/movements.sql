{#-
    The lines that count, of a relation in the form of int_stock_movements__keyed that holds every export of its
    documents: the newest state of each; not withdrawn (quantity 0, or gone from the newest export of a
    complete document), not after the cut-off. recorded_at is the source's, else the first export that
    showed the line; known_at is when the book could first know of it: a line in the first export of its
    warehouse after it occurred was recorded in time, whatever the hour of that export.
-#}
{% macro accepted_movements(lines) -%}
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
    ),

    newest as (
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
    ),

    documents as (
        select
            source,
            movement_id,
            {{ value_of_newest('batch_id', 'batch_rank') }} as newest_batch_id
        from (
            select exported.source, exported.movement_id, batches.batch_id, batches.batch_rank
            from {{ lines }} as exported
            inner join {{ ref('int_batches__ranked') }} as batches
                on exported.batch_id = batches.batch_id
            where exported.grain = 'document'
        ) as shown
        group by source, movement_id
    ),

    exports as (
        select
            source,
            warehouse_code,
            exported_at,
            lag(exported_at) over (
                partition by source, warehouse_code
                order by exported_at asc nulls last
            ) as previous_exported_at
        from (
            select distinct source, warehouse_code, exported_at
            from {{ ref('int_stock_movements__exports') }}
        ) as each_export
    )

    select
        newest.warehouse_code,
        newest.sku_code,
        newest.movement_id,
        newest.line_key,
        coalesce(newest.movement_type, 'other') as movement_type,
        newest.quantity,
        newest.occurred_at,
        newest.document_no,
        newest.channel_order_id,
        newest.source,
        newest.first_exported_at,
        coalesce(newest.recorded_at, newest.first_exported_at) as recorded_at,
        case
            when newest.recorded_at is not null then greatest(newest.recorded_at, newest.occurred_at)
            when exports.previous_exported_at >= newest.occurred_at
                then greatest(newest.first_exported_at, newest.occurred_at)
            else newest.occurred_at
        end as known_at,
        newest.last_exported_at as exported_at
    from newest
    left join documents
        on
            newest.source = documents.source
            and newest.movement_id = documents.movement_id
    left join exports
        on
            newest.source = exports.source
            and newest.warehouse_code = exports.warehouse_code
            and newest.first_exported_at = exports.exported_at
    where
        newest.quantity <> 0
        and newest.occurred_at <= {{ as_of() }}
        and (documents.newest_batch_id is null or newest.batch_id = documents.newest_batch_id)
{%- endmacro %}
