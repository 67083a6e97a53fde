-- Grain: one row per (source, channel, source_record_id) that identity knows by its owner: the day of the record
-- (the cut-off's where it has none), and how many records its customer has. `record_of` and source_record_id
-- name what it speaks of: an order of a channel, or a record of a touchpoint's source.
with members as (
    select
        source,
        channel,
        source_record_id,
        min(case when record_kind = 'order' then channel else source end) as record_of,
        min(customer_id) as customer_id,
        min(occurred_at) as occurred_at
    from {{ ref('int_customers__records') }}
    where role = 'owner'
    group by
        source,
        channel,
        source_record_id
),

sizes as (
    select
        customer_id,
        count(*) as record_count
    from members
    group by customer_id
),

final as (
    select
        members.source,
        members.channel,
        members.source_record_id,
        members.record_of,
        members.customer_id,
        cast(coalesce(members.occurred_at, {{ as_of() }}) as date) as observed_on,
        members.occurred_at is not null as is_dated,
        sizes.record_count
    from members
    inner join sizes
        on members.customer_id = sizes.customer_id
)

select * from final
