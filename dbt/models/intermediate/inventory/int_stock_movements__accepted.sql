-- Grain: one row per movement line that counts: (warehouse_code, movement_id, line_key). Additive: quantity.
-- Not counted: withdrawn lines (quantity 0, or gone from the newest export of a complete document) and
-- what lies after the cut-off. recorded_at is the source's, else the first export that showed the line;
-- known_at is when the book could first know of it: a line in the first export of its warehouse after it
-- occurred was recorded in time, whatever the hour of that export.
with movements as (
    select * from {{ ref('int_stock_movements__deduplicated') }}
),

documents as (
    select * from {{ ref('int_stock_movements__documents') }}
),

shown as (
    select distinct
        source,
        warehouse_code,
        exported_at
    from {{ ref('int_stock_movements__keyed') }}
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
    from shown
),

standing as (
    select movements.*
    from movements
    left join documents
        on
            movements.source = documents.source
            and movements.movement_id = documents.movement_id
    where
        movements.quantity <> 0
        and movements.occurred_at <= {{ as_of() }}
        and (documents.newest_batch_id is null or movements.batch_id = documents.newest_batch_id)
),

final as (
    select
        standing.warehouse_code,
        standing.sku_code,
        standing.movement_id,
        standing.line_key,
        coalesce(standing.movement_type, 'other') as movement_type,
        standing.quantity,
        standing.occurred_at,
        standing.document_no,
        standing.channel_order_id,
        standing.source,
        standing.first_exported_at,
        coalesce(standing.recorded_at, standing.first_exported_at) as recorded_at,
        case
            when standing.recorded_at is not null
                then greatest(standing.recorded_at, standing.occurred_at)
            when exports.previous_exported_at >= standing.occurred_at
                then greatest(standing.first_exported_at, standing.occurred_at)
            else standing.occurred_at
        end as known_at
    from standing
    left join exports
        on
            standing.source = exports.source
            and standing.warehouse_code = exports.warehouse_code
            and standing.first_exported_at = exports.exported_at
)

select * from final
