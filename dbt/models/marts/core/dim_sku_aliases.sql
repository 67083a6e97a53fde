-- Grain: one row per (channel, shop_id, channel_sku_code) that a file maps, a steward mapped, or an order
-- line has; resolved_sku_code is null where it is neither mapped nor one of our own codes. Additive:
-- line_count.
with aliases as (
    select * from {{ ref('int_sku_aliases__deduplicated') }}
),

own_codes as (
    select sku_code
    from {{ ref('int_skus__deduplicated') }}
),

sold as (
    select
        channel,
        shop_id,
        channel_sku_code,
        max(sku_code) as sku_code,
        max(product_name) as product_name,
        count(*) as line_count
    from {{ ref('int_orders__lines') }}
    where channel_sku_code is not null
    group by
        channel,
        shop_id,
        channel_sku_code
),

final as (
    select
        coalesce(sold.channel, aliases.channel) as channel,
        coalesce(sold.shop_id, aliases.shop_id) as shop_id,
        coalesce(sold.channel_sku_code, aliases.channel_sku_code) as channel_sku_code,
        aliases.sku_code,
        coalesce(
            aliases.sku_code,
            case when sold.sku_code <> sold.channel_sku_code then sold.sku_code end,
            own_codes.sku_code
        ) as resolved_sku_code,
        sold.product_name,
        coalesce(sold.line_count, 0) as line_count,
        aliases.last_exported_at
    from aliases
    full outer join sold
        on
            aliases.channel = sold.channel
            and aliases.shop_id is not distinct from sold.shop_id
            and aliases.channel_sku_code = sold.channel_sku_code
    left join own_codes
        on coalesce(sold.channel_sku_code, aliases.channel_sku_code) = own_codes.sku_code
)

select * from final
