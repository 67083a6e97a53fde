-- Grain: one row per sku_code in question: with a newest count that is out of tolerance or that late movements
-- changed, or of which shops show more than can be sold. What explains either is sought among these.
with counted as (
    select sku_code
    from {{ ref('int_stock_counts__assessed') }}
    where
        is_newest
        and (not is_within_tolerance or (count_type = 'physical' and abs(late_qty) > tolerance_qty))
    group by sku_code
),

sellable as (
    select
        sku_code,
        max(sku_sellable_qty) as sku_sellable_qty
    from {{ ref('int_stock_positions__listed') }}
    group by sku_code
),

oversold as (
    select listed.sku_code
    from {{ ref('int_channel_listings__current') }} as listed
    left join sellable
        on listed.sku_code = sellable.sku_code
    where listed.listed_qty > coalesce(sellable.sku_sellable_qty, 0)
),

final as (
    select sku_code from counted
    union distinct
    select sku_code from oversold
)

select * from final
