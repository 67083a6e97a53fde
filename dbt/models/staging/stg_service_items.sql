-- Grain: one row per exported line of the feed `service_items`, every export of it; the newest is
-- chosen downstream.
with exported as (
    select
        channel,
        channel_order_id,
        item_code,
        required_by,
        resource_type,
        status,
        extras,
        source,
        batch_id,
        source_file,
        source_line,
        exported_at
    from {{ source('lake', 'service_items') }}
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
