{#-
    The lines that count, of a relation in the form of int_stock_movements__keyed that holds every export of its
    documents: the newest state of each; not withdrawn (quantity 0, or gone from the newest export of a
    complete document), not after the cut-off. recorded_at is the source's, else the first export that
    showed the line; known_at is when the book could first know of it: a line in the first export of its
    warehouse after it occurred was recorded in time, whatever the hour of that export.
-#}
{% macro accepted_movements(lines) -%}
    with newest as (
        {{ newest_of_lines(lines) }}
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
