-- Grain: one row per count: (warehouse_code, sku_code, counted_at, count_type). No column adds up over
-- counts of one key; variance_qty and variance_value_cny add up over keys where is_newest.
with counts as (
    select * from {{ ref('int_stock_counts__assessed') }}
),

explained as (
    select * from {{ ref('int_stock_counts__explained') }}
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

caused as (
    select
        counts.*,
        case
            when not counts.is_within_tolerance then coalesce(explained.cause, 'unexplained')
            when counts.count_type = 'physical' and abs(counts.late_qty) > counts.tolerance_qty
                then 'late_movement'
        end as cause
    from counts
    left join explained
        on
            counts.warehouse_code = explained.warehouse_code
            and counts.sku_code = explained.sku_code
            and counts.counted_at = explained.counted_at
            and counts.count_type = explained.count_type
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
        case
            when not caused.is_newest then 'history'
            when caused.is_within_tolerance then 'settled'
            when caused.cause = 'unexplained' then 'open'
            else 'explained'
        end as status,
        caused.opened_at,
        caused.is_newest,
        coalesce(warehouses.owner, skus.owner) as owner
    from caused
    left join skus
        on caused.sku_code = skus.sku_code
    left join warehouses
        on caused.warehouse_code = warehouses.warehouse_code
)

select * from final
