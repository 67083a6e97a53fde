-- Grain: one row per sku_code that is listed: what all channels and shops show together, by their newest
-- listings.
with listings as (
    select
        channel,
        shop_id,
        sku_code,
        listed_qty
    from {{ ref('int_channel_listings__deduplicated') }}
    qualify row_number() over (
        partition by channel, shop_id, sku_code
        order by
            coalesce(changed_at, last_exported_at) desc nulls last,
            changed_at desc nulls last
    ) = 1
),

final as (
    select
        sku_code,
        cast(sum(listed_qty) as decimal(18, 3)) as listed_qty
    from listings
    group by sku_code
)

select * from final
