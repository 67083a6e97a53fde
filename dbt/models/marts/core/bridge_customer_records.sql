-- Grain: one row per (source, channel, source_record_id): whose the record is, and who receives what it orders.
with records as (
    select * from {{ ref('int_customers__records') }}
),

owned as (
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
),

counted as (
    select
        customer_id,
        count(*) as record_count
    from owned
    group by customer_id
),

final as (
    select
        owned.source,
        owned.channel,
        owned.source_record_id,
        owned.record_kind,
        owned.touchpoint,
        owned.customer_id,
        owned.recipient_customer_id,
        owned.occurred_at,
        counted.record_count = 1 as is_alone
    from owned
    left join counted
        on owned.customer_id = counted.customer_id
)

select * from final
