-- Grain: one row per merge group: merge_group_id. Merged, the whole group or none of it: one
-- waybill on all of its orders, or on each of them a merge event whose payload names them all.
with members as (
    select * from {{ ref('int_orders__merge_groups') }}
),

merge_groups as (
    select distinct
        merge_group_id,
        order_count,
        channel_count,
        first_paid_at
    from members
),

waybills as (
    select * from {{ ref('int_orders__waybills') }}
),

named as (
    select
        event_id,
        channel,
        channel_order_id,
        named_channel,
        named_channel_order_id
    from {{ ref('int_order_events__merges') }}
    where link_type = 'merge'
),

shared_waybills as (
    select
        members.merge_group_id,
        waybills.waybill_no,
        count(*) as carried_count
    from members
    inner join waybills
        on
            members.channel = waybills.channel
            and members.channel_order_id = waybills.channel_order_id
    group by
        members.merge_group_id,
        waybills.waybill_no
),

by_waybill as (
    select
        merge_group_id,
        max(carried_count) as carried_count
    from shared_waybills
    group by merge_group_id
),

named_members as (
    select
        members.merge_group_id,
        named.event_id,
        named.channel,
        named.channel_order_id,
        count(*) as named_count
    from members
    inner join named
        on
            members.channel = named.channel
            and members.channel_order_id = named.channel_order_id
    inner join members as named_member
        on
            members.merge_group_id = named_member.merge_group_id
            and named.named_channel = named_member.channel
            and named.named_channel_order_id = named_member.channel_order_id
    group by
        members.merge_group_id,
        named.event_id,
        named.channel,
        named.channel_order_id
),

by_event as (
    select
        named_members.merge_group_id,
        count(distinct named_members.channel || '/' || named_members.channel_order_id)
            as complete_count
    from named_members
    inner join merge_groups
        on named_members.merge_group_id = merge_groups.merge_group_id
    where named_members.named_count = merge_groups.order_count
    group by named_members.merge_group_id
),

final as (
    select
        merge_groups.merge_group_id,
        merge_groups.order_count,
        merge_groups.channel_count,
        merge_groups.first_paid_at,
        coalesce(by_waybill.carried_count, 0) = merge_groups.order_count as has_one_waybill,
        coalesce(by_event.complete_count, 0) = merge_groups.order_count as has_merge_events
    from merge_groups
    left join by_waybill
        on merge_groups.merge_group_id = by_waybill.merge_group_id
    left join by_event
        on merge_groups.merge_group_id = by_event.merge_group_id
)

select
    *,
    has_one_waybill or has_merge_events as is_merged
from final
