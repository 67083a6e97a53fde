-- Grain: one row per count: (warehouse_code, sku_code, counted_at, count_type). No column adds up over
-- counts of one key; variance_qty and variance_value_cny add up over keys where is_newest.
with caused as (
    select * from {{ ref('int_stock_counts__caused') }}
),

settled as (
    select
        warehouse_code,
        sku_code,
        counted_at,
        count_type,
        max(until_at) as settled_at
    from {{ ref('int_variances__evidence') }}
    where
        cause = 'late_movement'
        and count_type = 'physical'
    group by warehouse_code, sku_code, counted_at, count_type
),

skus as (
    select
        sku_code,
        cost_cny,
        owner
    from {{ ref('int_skus__deduplicated') }}
),

warehouses as (
    select
        warehouse_code,
        owner
    from {{ ref('int_warehouses__deduplicated') }}
),

final as (
    select
        caused.warehouse_code,
        caused.sku_code,
        caused.counted_at,
        caused.count_type,
        caused.counted_qty,
        caused.book_qty,
        caused.variance_qty,
        cast(caused.variance_qty * skus.cost_cny as decimal(18, 2)) as variance_value_cny,
        caused.tolerance_qty,
        caused.late_qty,
        caused.cause,
        caused.status,
        coalesce(
            caused.opened_at, case when settled.settled_at is not null then caused.counted_at end
        ) as opened_at,
        settled.settled_at,
        case
            when caused.is_newest and not caused.is_within_tolerance
                then cast(
                    {{ seconds_between('caused.opened_at', as_of()) }} / 86400 as decimal(9, 2)
                )
        end as age_days,
        caused.is_newest,
        coalesce(warehouses.owner, skus.owner) as owner
    from caused
    left join skus
        on caused.sku_code = skus.sku_code
    left join warehouses
        on caused.warehouse_code = warehouses.warehouse_code
    left join settled
        on
            caused.warehouse_code = settled.warehouse_code
            and caused.sku_code = settled.sku_code
            and caused.counted_at = settled.counted_at
            and caused.count_type = settled.count_type
)

select * from final
