-- Grain: one row per exported line of the feed `sla_offers`, every export of it; the newest is
-- chosen downstream.
with exported as (
    select
        offer_id,
        channel,
        channel_order_id,
        option_code,
        service_level,
        promised_at,
        extra_cost_cny,
        compensation,
        resource_code,
        offered_at,
        expires_at,
        response,
        responded_at,
        extras,
        source,
        batch_id,
        source_file,
        source_line,
        exported_at
    from {{ source('lake', 'sla_offers') }}
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
