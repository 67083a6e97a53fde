-- Grain: one row per division that an order ever went to and need: (adcode, need), at the cut-off; an address without
-- a division stands under `unknown`. Orders are those of the last hours of kpi_windows (`coverage_orders`). Additive
-- over divisions of one need: order_count and paid_amount_cny; over needs nothing is, since an order has several.
with demanded as (
    select * from {{ ref('int_coverage__demanded') }}
),

served as (
    select * from {{ ref('int_coverage__served') }}
),

carried as (
    select * from {{ ref('int_coverage__carried') }}
),

names as (
    select
        adcode,
        min(province) as province,
        min(city) as city,
        min(district) as district
    from {{ ref('int_addresses__current') }}
    group by adcode
),

joined as (
    select
        demanded.*,
        names.province,
        names.city,
        names.district,
        coalesce(served.able_count, carried.able_count, 0) as able_count,
        coalesce(served.resource_count, carried.resource_count, 0) as resource_count,
        coalesce(served.unplaced_count, 0) as unplaced_count,
        served.capacity_per_day,
        served.nearest_serving,
        served.nearest_able
    from demanded
    left join served
        on
            demanded.adcode = served.adcode
            and demanded.need = served.need
    left join carried
        on
            demanded.adcode = carried.adcode
            and demanded.need = carried.need
    left join names
        on demanded.adcode = names.adcode
),

judged as (
    select
        *,
        case
            when adcode = 'unknown' then 'no_division'
            when resource_count > 0 then 'served'
            when able_count = 0 then 'nobody_described'
            when unplaced_count > 0 then 'unknown'
            else 'out_of_reach'
        end as coverage_status
    from joined
),

marked as (
    select
        *,
        order_count > 0 and coverage_status in ('nobody_described', 'out_of_reach') as is_gap
    from judged
),

final as (
    select
        adcode,
        need,
        province,
        city,
        district,
        coverage_status,
        is_gap,
        case
            when is_gap
                then
                    cast(row_number() over (
                        partition by is_gap
                        order by
                            order_count desc nulls last,
                            paid_amount_cny desc nulls last,
                            adcode asc nulls last,
                            need asc nulls last
                    ) as bigint)
        end as gap_rank,
        cast(order_count as bigint) as order_count,
        cast(customer_count as bigint) as customer_count,
        cast(paid_amount_cny as decimal(18, 2)) as paid_amount_cny,
        cast(resource_count as bigint) as resource_count,
        cast(able_count as bigint) as able_count,
        cast(unplaced_count as bigint) as unplaced_count,
        cast(capacity_per_day as decimal(18, 3)) as capacity_per_day,
        substr(nearest_serving, 11) as nearest_resource_code,
        cast(substr(nearest_serving, 1, 9) as double) / 1000 as nearest_km,
        substr(nearest_able, 11) as nearest_able_code,
        cast(substr(nearest_able, 1, 9) as double) / 1000 as nearest_able_km
    from marked
)

select * from final
