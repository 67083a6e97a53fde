-- Grain: one row per (warehouse_code, sku_code) that was ever moved or counted: the book, what is held, and
-- beside it what all shops show of the SKU against what all warehouses can sell.
{{ config(materialized='view', tags=['lasting']) }}

with movements as (
    select
        warehouse_code,
        sku_code,
        book_qty as book_on_hand_qty,
        last_movement_at
    from {{ ref('int_stock_balances__current') }}
    where line_count > 0
),

held as (
    select * from {{ ref('int_stock_counts__held') }}
),

listings as (
    select * from {{ ref('int_channel_listings__current') }}
),

positions as (
    select
        coalesce(movements.warehouse_code, held.warehouse_code) as warehouse_code,
        coalesce(movements.sku_code, held.sku_code) as sku_code,
        coalesce(movements.book_on_hand_qty, 0) as book_on_hand_qty,
        coalesce(held.locked_qty, 0) as locked_qty,
        coalesce(held.defective_qty, 0) as defective_qty,
        coalesce(movements.book_on_hand_qty, 0)
        - coalesce(held.locked_qty, 0)
        - coalesce(held.defective_qty, 0) as sellable_qty,
        movements.last_movement_at
    from movements
    full outer join held
        on
            movements.warehouse_code = held.warehouse_code
            and movements.sku_code = held.sku_code
),

totalled as (
    select
        *,
        sum(sellable_qty) over (partition by sku_code) as sku_sellable_qty
    from positions
),

final as (
    select
        totalled.warehouse_code,
        totalled.sku_code,
        totalled.book_on_hand_qty,
        totalled.locked_qty,
        totalled.defective_qty,
        cast(totalled.sellable_qty as decimal(18, 3)) as sellable_qty,
        cast(totalled.sku_sellable_qty as decimal(18, 3)) as sku_sellable_qty,
        listings.listed_qty,
        coalesce(listings.listed_qty > totalled.sku_sellable_qty, false) as is_oversold,
        totalled.last_movement_at
    from totalled
    left join listings
        on totalled.sku_code = listings.sku_code
)

select * from final
