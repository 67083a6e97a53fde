-- Grain: one row per change of what a shop shows of a SKU: (channel, shop_id, sku_code, changed_at); a shop's
-- listing that its whole export no longer shows changes to nothing. change_qty adds up to what is shown.
with listings as (
    select
        channel,
        shop_id,
        sku_code,
        coalesce(changed_at, last_exported_at) as changed_at,
        max(listed_qty) as listed_qty
    from {{ ref('int_channel_listings__deduplicated') }}
    where listed_qty is not null
    group by channel, shop_id, sku_code, coalesce(changed_at, last_exported_at)
),

gone as (
    select
        key_1 as channel,
        key_2 as shop_id,
        key_3 as sku_code,
        is_absent_since as changed_at,
        cast(0 as decimal(18, 3)) as listed_qty
    from {{ ref('int_rows__absent') }}
    where feed = 'channel_listings'
),

shown as (
    select * from listings
    union all
    select * from gone
),

final as (
    select
        *,
        cast(listed_qty - coalesce(lag(listed_qty) over (
            partition by channel, shop_id, sku_code
            order by changed_at asc nulls last
        ), 0) as decimal(18, 3)) as change_qty
    from shown
)

select * from final
