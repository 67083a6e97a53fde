-- Grain: one row per (kpi, observed_on, warehouse_code, owner), by the day of the count: counts within
-- tolerance among all, by number and by value (the greater of book and count × cost). Additive over all but
-- kpi. Complete by value is a count whose SKU has a cost.
with counts as (
    select * from {{ ref('int_stock_counts__assessed') }}
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

valued as (
    select
        counts.warehouse_code,
        coalesce(warehouses.owner, skus.owner, 'nobody') as owner,
        cast(counts.counted_at as date) as observed_on,
        counts.is_within_tolerance,
        cast(
            greatest(abs(counts.book_qty), abs(counts.counted_qty)) * skus.cost_cny
            as decimal(38, 2)
        ) as value_cny
    from counts
    left join skus
        on counts.sku_code = skus.sku_code
    left join warehouses
        on counts.warehouse_code = warehouses.warehouse_code
),

final as (
    select
        'agreement_rate_sku' as kpi,
        observed_on,
        warehouse_code,
        owner,
        cast(count_if(is_within_tolerance) as decimal(38, 3)) as numerator,
        cast(count(*) as decimal(38, 3)) as denominator,
        count(*) as complete_count,
        count(*) as input_count
    from valued
    group by observed_on, warehouse_code, owner
    union all
    select
        'agreement_rate_value' as kpi,
        observed_on,
        warehouse_code,
        owner,
        cast(coalesce(sum(case when is_within_tolerance then value_cny end), 0) as decimal(38, 3))
            as numerator,
        cast(coalesce(sum(value_cny), 0) as decimal(38, 3)) as denominator,
        count(value_cny) as complete_count,
        count(*) as input_count
    from valued
    group by observed_on, warehouse_code, owner
)

select * from final
