-- Grain: one row per cross-channel merge group that was not merged: merge_group_id. Additive:
-- order_count, parcel_count, saved_parcel_count, saved_freight_cny.
with counted as (
    select * from {{ ref('int_merge_opportunities__counted') }}
),

contracts as (
    select
        contract_id,
        channel,
        channel_order_id
    from {{ ref('int_contract_orders__grouped') }}
),

costs as (
    select * from {{ ref('routing_costs') }}
    where cost = 'parcel'
),

final as (
    select
        counted.merge_group_id,
        contracts.contract_id,
        counted.first_paid_at,
        cast(counted.order_count as bigint) as order_count,
        counted.channels,
        cast(counted.parcel_count as bigint) as parcel_count,
        cast(counted.warehouse_count as bigint) as warehouse_count,
        cast(counted.saved_parcel_count as bigint) as saved_parcel_count,
        cast(counted.saved_parcel_count * costs.cny as decimal(18, 2)) as saved_freight_cny,
        case
            when counted.saved_parcel_count > 0 then 'missed'
            when counted.shipped_order_count = 0 and counted.waiting_order_count > 1 then 'open'
            when counted.warehouse_count > 1 then 'several_warehouses'
            else 'nothing_to_save'
        end as opportunity
    from counted
    left join contracts
        on counted.merge_group_id = contracts.channel || '/' || contracts.channel_order_id
    left join costs
        on cast(counted.first_paid_at as date) between costs.valid_from and costs.valid_to
)

select * from final
