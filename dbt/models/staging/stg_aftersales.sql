-- Grain: one row per exported line of the feed `aftersales`, every export of it; the newest is
-- chosen downstream.
with exported as (
    select
        channel,
        aftersale_id,
        channel_order_id,
        channel_line_id,
        aftersale_type,
        status_raw,
        status,
        reason,
        reason_token,
        refund_amount_cny,
        requested_at,
        deadline_at,
        agreed_at,
        returned_at,
        refunded_at,
        closed_at,
        return_waybill_no,
        extras,
        source,
        batch_id,
        source_file,
        source_line,
        exported_at
    from {{ source('lake', 'aftersales') }}
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
