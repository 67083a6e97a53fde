-- Grain: one row per amount that a KPI sums, in fen (a hundredth of a CNY): penalties by rule and as charged,
-- the freight of parcels wrongly held to cross provinces, and of parcels that an order did not need. Null where
-- it cannot be known.
{{ config(materialized='view', tags=['lasting']) }}

with penalties as (
    select
        'penalty_' || basis || '_cny' as kpi,
        channel,
        channel_order_id,
        cast(charged_at as date) as observed_on,
        cast(100 * penalty_cny as bigint) as fen
    from {{ ref('int_penalties__unioned') }}
),

costs as (
    select * from {{ ref('routing_costs') }}
    where cost in ('cross_province_parcel', 'parcel')
),

freight as (
    select
        'wrongly_cross_province_cny' as kpi,
        parcels.channel,
        parcels.channel_order_id,
        cast(parcels.paid_at as date) as observed_on,
        case
            when parcels.is_wrongly_cross then cast(100 * costs.cny as bigint)
            when not parcels.is_wrongly_cross then 0
        end as fen
    from {{ ref('int_orders__provinces') }} as parcels
    left join costs
        on
            costs.cost = 'cross_province_parcel'
            and cast(parcels.paid_at as date) between costs.valid_from and costs.valid_to
),

splits as (
    select
        'extra_parcel_freight_cny' as kpi,
        splits.channel,
        splits.channel_order_id,
        cast(splits.paid_at as date) as observed_on,
        case
            when splits.split_status not in ('open', 'unseen')
                then
                    greatest(splits.parcel_count - splits.needed_parcel_count, 0)
                    * cast(100 * costs.cny as bigint)
        end as fen
    from {{ ref('int_splits__counted') }} as splits
    left join costs
        on
            costs.cost = 'parcel'
            and cast(splits.paid_at as date) between costs.valid_from and costs.valid_to
    where splits.split_status <> 'over'
),

final as (
    select * from penalties
    union all
    select * from freight
    union all
    select * from splits
)

select * from final
