-- Grain: one row per (source, channel, source_record_id): whose the record is, and who receives what it orders.
with records as (
    select * from {{ ref('int_customers__records') }}
),

final as (
    select
        source,
        channel,
        source_record_id,
        min(record_kind) as record_kind,
        min(touchpoint) as touchpoint,
        min(case when role = 'owner' then customer_id end) as customer_id,
        min(case when role = 'recipient' then customer_id end) as recipient_customer_id,
        min(occurred_at) as occurred_at
    from records
    group by source, channel, source_record_id
)

select * from final
