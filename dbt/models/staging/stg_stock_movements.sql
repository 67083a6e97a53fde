-- Grain: one row per exported line of the feed `stock_movements`, every export of it; the newest is
-- chosen downstream.
with exported as (
    select
        warehouse_code,
        sku_code,
        movement_id,
        line_no,
        movement_type,
        quantity,
        occurred_at,
        recorded_at,
        document_no,
        channel_order_id,
        extras,
        source,
        batch_id,
        source_file,
        source_line,
        exported_at
    from {{ source('lake', 'stock_movements') }}
    where exported_at <= {{ as_of() }}
),

batches as (
    select
        batch_id,
        arrival_seq,
        grain,
        carried_columns
    from {{ source('lake', 'batches') }}
    where state = 'accepted'
),

final as (
    select
        exported.*,
        batches.arrival_seq,
        batches.grain,
        batches.carried_columns
    from exported
    inner join batches
        on exported.batch_id = batches.batch_id
)

select * from final
