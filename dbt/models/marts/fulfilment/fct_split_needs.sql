-- Grain: one row per paid order of two lines or more that needed several parcels, left in several, was split into
-- other orders, or was asked to be split: (channel, channel_order_id). What it was split into counts with it and has
-- no row of its own. Additive: the counts and the amounts; not the cost of one parcel.
with counted as (
    select * from {{ ref('int_splits__counted') }}
),

contracts as (
    select
        channel,
        channel_order_id,
        contract_id
    from {{ ref('int_contract_orders__grouped') }}
),

members as (
    select distinct
        root_id,
        channel,
        channel_order_id
    from {{ ref('int_splits__lines') }}
),

penalties as (
    select
        members.root_id,
        sum(penalties.penalty_cny) as penalty_cny
    from members
    inner join {{ ref('int_penalties__ruled') }} as penalties
        on
            members.channel = penalties.channel
            and members.channel_order_id = penalties.channel_order_id
    group by members.root_id
),

costs as (
    select * from {{ ref('routing_costs') }}
    where cost = 'parcel'
),

differing as (
    select
        counted.*,
        contracts.contract_id,
        penalties.penalty_cny,
        costs.cny as parcel_cost_cny,
        case
            when counted.split_status in ('as_needed', 'too_many', 'too_few', 'together')
                then counted.parcel_count - counted.needed_parcel_count
        end as parcel_difference
    from counted
    left join contracts
        on
            counted.channel = contracts.channel
            and counted.channel_order_id = contracts.channel_order_id
    left join penalties
        on counted.root_id = penalties.root_id
    left join costs
        on cast(counted.paid_at as date) between costs.valid_from and costs.valid_to
),

final as (
    select
        channel,
        channel_order_id,
        contract_id,
        paid_at,
        split_status,
        cast(line_count as bigint) as line_count,
        cast(unknown_line_count as bigint) as unknown_line_count,
        temperature_classes,
        warehouse_codes,
        cast(needed_parcel_count as bigint) as needed_parcel_count,
        cast(parcel_count as bigint) as parcel_count,
        cast(mixed_parcel_count as bigint) as mixed_parcel_count,
        cast(split_into_count as bigint) as split_into_count,
        cast(split_request_count as bigint) as split_request_count,
        cast(split_request_succeeded_count as bigint) as split_request_succeeded_count,
        cast(case
            when parcel_difference < 0 then -parcel_difference
            when parcel_difference >= 0 then 0
        end as bigint) as missing_parcel_count,
        cast(case
            when parcel_difference > 0 then parcel_difference
            when parcel_difference <= 0 then 0
        end as bigint) as extra_parcel_count,
        parcel_cost_cny,
        cast(parcel_difference * parcel_cost_cny as decimal(18, 2)) as freight_difference_cny,
        cast(goods_at_risk_cny as decimal(18, 2)) as goods_at_risk_cny,
        cast(penalty_cny as decimal(18, 2)) as penalty_cny
    from differing
)

select * from final
