-- Grain: one row per listing of an oversold SKU: (channel, shop_id, sku_code). Additive: share_qty, each
-- listing's share of what is shown too much, by what it shows.
with oversold as (
    select * from {{ ref('int_oversells__since') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by channel, shop_id, sku_code
            order by changed_at desc nulls last
        ) as newest_no
    from {{ ref('int_channel_listings__changes') }}
    where changed_at <= {{ as_of() }}
),

synced as (
    select
        channel,
        shop_id,
        sku_code,
        changed_at,
        max(synced_at) as synced_at
    from {{ ref('int_channel_listings__deduplicated') }}
    where changed_at is not null
    group by channel, shop_id, sku_code, changed_at
),

final as (
    select
        ranked.channel,
        ranked.shop_id,
        ranked.sku_code,
        ranked.listed_qty,
        ranked.changed_at,
        synced.synced_at,
        oversold.sku_listed_qty,
        oversold.sku_sellable_qty,
        oversold.excess_qty,
        cast(
            oversold.excess_qty * ranked.listed_qty / oversold.sku_listed_qty as decimal(18, 3)
        ) as share_qty,
        oversold.started_at
    from ranked
    inner join oversold
        on ranked.sku_code = oversold.sku_code
    left join synced
        on
            ranked.channel = synced.channel
            and ranked.shop_id is not distinct from synced.shop_id
            and ranked.sku_code = synced.sku_code
            and ranked.changed_at = synced.changed_at
    where
        ranked.newest_no = 1
        and ranked.listed_qty > 0
        and oversold.sku_listed_qty > 0
)

select * from final
