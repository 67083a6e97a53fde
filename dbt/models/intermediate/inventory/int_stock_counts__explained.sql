-- Grain: one row per newest count that is out of tolerance and that some evidence explains: (warehouse_code,
-- sku_code, counted_at, count_type), with the first cause in order. Evidence counts if it stood at the
-- count and began after the last count that agreed. A cause explains a variance if one piece of its
-- evidence, or all of it at the key together, makes up for it.
with variances as (
    select
        warehouse_code,
        sku_code,
        counted_at,
        count_type,
        variance_qty,
        tolerance_qty,
        coalesce(agreed_at, cast('0001-01-01' as timestamp)) as agreed_at
    from {{ ref('int_stock_counts__assessed') }}
    where
        is_newest
        and not is_within_tolerance
),

placed as (
    select * from {{ ref('int_stock_evidence__placed') }}
),

weighed as (
    select
        variances.warehouse_code,
        variances.sku_code,
        variances.counted_at,
        variances.count_type,
        variances.variance_qty,
        variances.tolerance_qty,
        placed.cause_rank,
        placed.cause,
        sum(case when placed.is_placed then placed.effect_qty end) as total_effect_qty,
        bool_or(placed.effect_qty = variances.variance_qty) as is_matched_by_one
    from variances
    inner join placed
        on
            variances.warehouse_code = placed.warehouse_code
            and variances.sku_code = placed.sku_code
            and variances.agreed_at < placed.from_at
            and variances.counted_at >= placed.from_at
            and (placed.until_at is null or variances.counted_at < placed.until_at)
    where placed.cause <> 'late_movement' or variances.count_type = 'system'
    group by
        variances.warehouse_code,
        variances.sku_code,
        variances.counted_at,
        variances.count_type,
        variances.variance_qty,
        variances.tolerance_qty,
        placed.cause_rank,
        placed.cause
),

final as (
    select
        warehouse_code,
        sku_code,
        counted_at,
        count_type,
        min_by(cause, cause_rank) as cause
    from weighed
    where
        is_matched_by_one
        or (cause <> 'unit_of_measure' and abs(variance_qty - total_effect_qty) <= tolerance_qty)
    group by warehouse_code, sku_code, counted_at, count_type
)

select * from final
