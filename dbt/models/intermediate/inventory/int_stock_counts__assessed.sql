-- Grain: one row per count: (warehouse_code, sku_code, counted_at, count_type), with its variance, its
-- tolerance, and since when the counts of its key and type have been out of tolerance. agreed_at is the
-- last earlier count within tolerance: what explains a later variance happened after it.
with counts as (
    select
        warehouse_code,
        sku_code,
        counted_at,
        count_type,
        counted_qty,
        book_qty,
        late_qty
    from {{ ref('int_stock_counts__booked') }}
    where counted_qty is not null
),

skus as (
    select
        sku_code,
        category
    from {{ ref('int_skus__deduplicated') }}
),

tolerances as (
    select * from {{ ref('stock_tolerances') }}
),

measured as (
    select
        counts.*,
        cast(counts.counted_qty - counts.book_qty as decimal(18, 3)) as variance_qty,
        cast(greatest(
            coalesce(of_category.absolute_qty, of_any.absolute_qty),
            coalesce(of_category.relative_rate, of_any.relative_rate) * abs(counts.book_qty)
        ) as decimal(18, 3)) as tolerance_qty
    from counts
    left join skus
        on counts.sku_code = skus.sku_code
    left join tolerances as of_category
        on
            skus.category = of_category.category
            and cast(counts.counted_at as date)
            between of_category.valid_from and of_category.valid_to
    left join tolerances as of_any
        on
            of_any.category = '*'
            and cast(counts.counted_at as date) between of_any.valid_from and of_any.valid_to
),

judged as (
    select
        *,
        abs(variance_qty) <= tolerance_qty as is_within_tolerance
    from measured
),

since as (
    select
        *,
        max(case when is_within_tolerance then counted_at end) over (
            partition by warehouse_code, sku_code, count_type
            order by counted_at asc nulls last
            rows between unbounded preceding and current row
        ) as agreed_at,
        row_number() over (
            partition by warehouse_code, sku_code, count_type
            order by counted_at desc nulls last
        ) = 1 as is_newest
    from judged
),

final as (
    select
        *,
        case
            when not is_within_tolerance
                then min(case when not is_within_tolerance then counted_at end) over (
                    partition by warehouse_code, sku_code, count_type, agreed_at
                )
        end as opened_at
    from since
)

select * from final
