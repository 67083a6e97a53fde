-- Grain: one row per oversell: (oversell_kind, sku_code, channel, shop_id, channel_order_id,
-- channel_line_id): a shop's listing of a SKU that all shops together show too much of now, or a paid order
-- line that fell short. Additive: oversold_qty, lost_sales_cny. sku_… columns repeat the SKU's figures.
with listings as (
    select * from {{ ref('int_oversells__listings') }}
),

short_lines as (
    select * from {{ ref('int_oversells__short_lines') }}
),

warehouse_names as (
    select * from {{ ref('int_warehouses__names') }}
),

skus as (
    select
        sku_code,
        owner
    from {{ ref('int_skus__deduplicated') }}
),

oversells as (
    select
        'listing' as oversell_kind,
        sku_code,
        channel,
        shop_id,
        cast(null as {{ dbt.type_string() }}) as channel_order_id,
        cast(null as {{ dbt.type_string() }}) as channel_line_id,
        cast(null as {{ dbt.type_string() }}) as warehouse_code,
        started_at,
        cast(null as timestamp) as ended_at,
        share_qty as oversold_qty,
        listed_qty,
        changed_at as listing_changed_at,
        synced_at as listing_synced_at,
        sku_listed_qty,
        sku_sellable_qty,
        'listed' as outcome,
        cast(null as decimal(18, 2)) as lost_sales_cny
    from listings
    union all
    select
        'order_line' as oversell_kind,
        short_lines.sku_code,
        short_lines.channel,
        short_lines.shop_id,
        short_lines.channel_order_id,
        short_lines.channel_line_id,
        coalesce(warehouse_names.warehouse_code, short_lines.warehouse_code) as warehouse_code,
        short_lines.started_at,
        short_lines.ended_at,
        cast(short_lines.quantity as decimal(18, 3)) as oversold_qty,
        cast(null as decimal(18, 3)) as listed_qty,
        cast(null as timestamp) as listing_changed_at,
        cast(null as timestamp) as listing_synced_at,
        cast(null as decimal(18, 3)) as sku_listed_qty,
        cast(null as decimal(18, 3)) as sku_sellable_qty,
        short_lines.outcome,
        case
            when short_lines.outcome = 'cancelled' then short_lines.paid_share_cny
            else 0
        end as lost_sales_cny
    from short_lines
    left join warehouse_names
        on short_lines.warehouse_code = warehouse_names.warehouse_text
),

final as (
    select
        cast(oversells.oversell_kind as {{ dbt.type_string() }}) as oversell_kind,
        oversells.sku_code,
        oversells.channel,
        oversells.shop_id,
        oversells.channel_order_id,
        oversells.channel_line_id,
        oversells.warehouse_code,
        skus.owner,
        oversells.started_at,
        oversells.ended_at,
        cast({{ seconds_between(
            'oversells.started_at', 'coalesce(oversells.ended_at, ' ~ as_of() ~ ')'
        ) }} / 3600 as decimal(18, 2)) as duration_hours,
        oversells.oversold_qty,
        oversells.listed_qty,
        oversells.listing_changed_at,
        oversells.listing_synced_at,
        oversells.sku_listed_qty,
        oversells.sku_sellable_qty,
        cast(oversells.outcome as {{ dbt.type_string() }}) as outcome,
        cast(oversells.lost_sales_cny as decimal(18, 2)) as lost_sales_cny
    from oversells
    left join skus
        on oversells.sku_code = skus.sku_code
)

select * from final
