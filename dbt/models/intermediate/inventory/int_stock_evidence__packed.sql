-- Grain: one row per (movement, pack size): a movement booked in packs as if they were pieces.
-- effect_qty is what it does to counted minus booked while from_at <= counted_at < until_at (null: still).

with movements as (
    select
        warehouse_code,
        sku_code,
        movement_type,
        quantity,
        occurred_at,
        movement_id,
        line_key
    from {{ ref('int_stock_movements__questioned') }}
),

types as (
    select movement_type
    from {{ ref('movement_types') }}
    where is_pack_prone
),

skus as (
    select
        sku_code,
        try_cast(coalesce(
            {{ json_text('extras', '$.pack_qty') }},
            {{ json_text('extras', '$.pack_size') }}
        ) as decimal(18, 3)) as pack_qty
    from {{ ref('int_skus__deduplicated') }}
),

pack_sizes as (
    select * from {{ ref('pack_sizes') }}
),

final as (
    select
        movements.warehouse_code,
        movements.sku_code,
        cast(
            movements.quantity * (coalesce(skus.pack_qty, pack_sizes.pack_qty) - 1)
            as decimal(18, 3)
        ) as effect_qty,
        movements.occurred_at as from_at,
        cast(null as timestamp) as until_at,
        movements.movement_id as evidence_id,
        movements.line_key as evidence_part
    from movements
    inner join types
        on movements.movement_type = types.movement_type
    left join skus
        on movements.sku_code = skus.sku_code
    left join pack_sizes
        on skus.pack_qty is null
    where coalesce(skus.pack_qty, 2) > 1
)

select * from final
