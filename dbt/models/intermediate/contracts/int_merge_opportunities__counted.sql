-- Grain: one row per merge group that was not merged: merge_group_id: the parcels that its orders went
-- out in, and the fewest they could have: one a warehouse, what is not known being one of its own. An order that was shipped and shows no waybill
-- went in a parcel of its own; what was over before it was shipped went in none.
with members as (
    select
        members.merge_group_id,
        members.channel,
        members.channel_order_id,
        members.first_paid_at,
        paid.first_shipped_at,
        paid.ended_at,
        coalesce(sent_from.warehouse_code, '?') as warehouse_code
    from {{ ref('int_orders__merge_groups') }} as members
    inner join {{ ref('int_orders__merge_outcomes') }} as outcomes
        on members.merge_group_id = outcomes.merge_group_id
    inner join {{ ref('int_orders__paid') }} as paid
        on
            members.channel = paid.channel
            and members.channel_order_id = paid.channel_order_id
    left join {{ ref('int_orders__provinces') }} as sent_from
        on
            members.channel = sent_from.channel
            and members.channel_order_id = sent_from.channel_order_id
    where not outcomes.is_merged
),

waybills as (
    select * from {{ ref('int_orders__waybills') }}
),

parcels as (
    select distinct
        members.merge_group_id,
        coalesce(
            waybills.waybill_no, members.channel || '/' || members.channel_order_id
        ) as parcel
    from members
    left join waybills
        on
            members.channel = waybills.channel
            and members.channel_order_id = waybills.channel_order_id
    where members.first_shipped_at is not null
),

sent as (
    select
        merge_group_id,
        count(*) as parcel_count
    from parcels
    group by merge_group_id
),

counted as (
    select
        merge_group_id,
        min(first_paid_at) as first_paid_at,
        count(*) as order_count,
        {{ sorted_values('channel') }} as channels,
        count_if(first_shipped_at is not null) as shipped_order_count,
        count_if(first_shipped_at is null and ended_at is null) as waiting_order_count,
        count(distinct case when first_shipped_at is not null then warehouse_code end)
            as warehouse_count
    from members
    group by merge_group_id
),

final as (
    select
        counted.merge_group_id,
        counted.first_paid_at,
        counted.order_count,
        counted.channels,
        counted.shipped_order_count,
        counted.waiting_order_count,
        counted.warehouse_count,
        coalesce(sent.parcel_count, 0) as parcel_count,
        greatest(coalesce(sent.parcel_count, 0) - counted.warehouse_count, 0) as saved_parcel_count
    from counted
    left join sent
        on counted.merge_group_id = sent.merge_group_id
)

select * from final
