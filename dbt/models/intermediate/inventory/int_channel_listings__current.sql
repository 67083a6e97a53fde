-- Grain: one row per sku_code that is listed: what all channels and shops show together, by their newest
-- listings. What a shop's whole export no longer shows is listed no longer.
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

absent as (
    select
        key_1 as channel,
        key_2 as shop_id,
        key_3 as sku_code
    from {{ ref('int_rows__absent') }}
    where feed = 'channel_listings'
),

final as (
    select
        listings.sku_code,
        cast(sum(listings.listed_qty) as decimal(18, 3)) as listed_qty
    from listings
    left join absent
        on
            listings.channel = absent.channel
            and listings.shop_id is not distinct from absent.shop_id
            and listings.sku_code = absent.sku_code
    where absent.sku_code is null
    group by listings.sku_code
)

select * from final
