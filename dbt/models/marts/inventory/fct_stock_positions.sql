-- Grain: one row per (warehouse_code, sku_code) that was ever moved or counted. listed_qty, sku_sellable_qty
-- and is_oversold are of the SKU over all warehouses, repeated on each: they do not add up.
with positions as (
    select * from {{ ref('int_stock_positions__listed') }}
),

skus as (
    select
        sku_code,
        cost_cny
    from {{ ref('int_skus__deduplicated') }}
),

absent as (
    select * from {{ ref('int_stock_counts__absent') }}
),

final as (
    select
        positions.warehouse_code,
        positions.sku_code,
        positions.book_on_hand_qty,
        positions.locked_qty,
        positions.defective_qty,
        positions.sellable_qty,
        positions.sku_sellable_qty,
        positions.listed_qty,
        positions.is_oversold,
        positions.last_movement_at,
        cast(positions.book_on_hand_qty * skus.cost_cny as decimal(18, 2)) as book_value_cny,
        absent.is_absent_since
    from positions
    left join skus
        on positions.sku_code = skus.sku_code
    left join absent
        on
            positions.warehouse_code = absent.warehouse_code
            and positions.sku_code = absent.sku_code
)

select * from final
