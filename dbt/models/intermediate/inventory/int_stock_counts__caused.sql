-- Grain: one row per count: (warehouse_code, sku_code, counted_at, count_type), with the cause of its variance
-- and its state. A physical count that a late movement has brought within tolerance is settled, and says so
-- by its cause; a count that a newer one has replaced has none.
{{ config(materialized='view', tags=['lasting']) }}

with counts as (
    select * from {{ ref('int_stock_counts__assessed') }}
),

explained as (
    select * from {{ ref('int_stock_counts__explained') }}
),

caused as (
    select
        counts.*,
        case
            when not counts.is_newest then null
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
        *,
        case
            when not is_newest then 'history'
            when is_within_tolerance then 'settled'
            when cause = 'unexplained' then 'open'
            else 'explained'
        end as status
    from caused
)

select * from final
