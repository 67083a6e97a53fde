-- Grain: one row per order that needed several parcels, left in several, was split, or was asked to be: root_id
-- (see int_splits__lines): the fewest parcels that its goods could leave in, one a warehouse and parcel group,
-- those that they left in, and what that makes of it. parcel_count is null where no export shows a waybill.
with needs as (
    select
        root_id,
        greatest(count(distinct case
            when is_needed and parcel_group is not null
                then coalesce(warehouse_code, '?') || ' ' || parcel_group
        end), 1) as needed_parcel_count,
        {{ sorted_values('case when is_needed then temperature_class end') }}
            as temperature_classes,
        {{ sorted_values('case when is_needed then warehouse_code end') }} as warehouse_codes,
        count_if(is_needed) as line_count,
        count_if(is_needed and parcel_group is null) as unknown_line_count
    from {{ ref('int_splits__lines') }}
    group by root_id
),

members as (
    select distinct
        root_id,
        channel,
        channel_order_id,
        is_own
    from {{ ref('int_splits__lines') }}
),

states as (
    select
        members.root_id,
        min(case when members.is_own then paid.channel end) as channel,
        min(case when members.is_own then paid.channel_order_id end) as channel_order_id,
        min(case when members.is_own then paid.paid_at end) as paid_at,
        count_if(not members.is_own) as split_into_count,
        count(paid.first_shipped_at) as shipped_count,
        count_if(paid.shipped_at is null and paid.ended_at is null) as open_count
    from members
    inner join {{ ref('int_orders__paid') }} as paid
        on
            members.channel = paid.channel
            and members.channel_order_id = paid.channel_order_id
    group by members.root_id
),

requests as (
    select
        channel,
        channel_order_id,
        count(*) as split_request_count,
        count_if(is_success) as split_request_succeeded_count
    from {{ ref('int_change_requests__judged') }}
    where request_type = 'split_order'
    group by
        channel,
        channel_order_id
),

final as (
    select
        states.channel,
        states.channel_order_id,
        states.paid_at,
        needs.*,
        states.split_into_count,
        parcels.parcel_count,
        coalesce(parcels.mixed_parcel_count, 0) as mixed_parcel_count,
        parcels.goods_at_risk_cny,
        coalesce(requests.split_request_count, 0) as split_request_count,
        coalesce(requests.split_request_succeeded_count, 0) as split_request_succeeded_count,
        case
            when states.open_count > 0 then 'open'
            when states.shipped_count = 0 then 'over'
            when parcels.parcel_count is null then 'unseen'
            when parcels.parcel_count = 1 and needs.needed_parcel_count > 1 then 'together'
            when
                parcels.parcel_count < needs.needed_parcel_count or parcels.mixed_parcel_count > 0
                then 'too_few'
            when parcels.parcel_count > needs.needed_parcel_count then 'too_many'
            else 'as_needed'
        end as split_status
    from needs
    inner join states
        on needs.root_id = states.root_id
    left join {{ ref('int_splits__parcels') }} as parcels
        on needs.root_id = parcels.root_id
    left join requests
        on
            states.channel = requests.channel
            and states.channel_order_id = requests.channel_order_id
    where
        needs.needed_parcel_count > 1
        or parcels.parcel_count > 1
        or states.split_into_count > 0
        or requests.split_request_count > 0
)

select * from final
