-- Grain: one row per sku_code of which all shops together show more than can be sold now, with the moment
-- since which they do without a break: what was listed against the book of all warehouses, less what is
-- locked or defective now.
with listed as (
    select * from {{ ref('int_channel_listings__current') }}
),

sellable as (
    select
        sku_code,
        max(sku_sellable_qty) as sku_sellable_qty,
        sum(locked_qty + defective_qty) as held_qty
    from {{ ref('int_stock_positions__listed') }}
    group by sku_code
),

oversold as (
    select
        listed.sku_code,
        listed.listed_qty as sku_listed_qty,
        coalesce(sellable.sku_sellable_qty, 0) as sku_sellable_qty,
        coalesce(sellable.held_qty, 0) as held_qty
    from listed
    left join sellable
        on listed.sku_code = sellable.sku_code
    where listed.listed_qty > coalesce(sellable.sku_sellable_qty, 0)
),

listing_changes as (
    select
        sku_code,
        changed_at,
        change_qty
    from {{ ref('int_channel_listings__changes') }}
    where changed_at <= {{ as_of() }}
),

movements as (
    select
        sku_code,
        occurred_at,
        quantity
    from {{ ref('int_stock_movements__questioned') }}
),

changes as (
    select
        oversold.sku_code,
        oversold.held_qty,
        listing_changes.changed_at,
        listing_changes.change_qty as excess_change_qty
    from oversold
    inner join listing_changes
        on oversold.sku_code = listing_changes.sku_code
    union all
    select
        oversold.sku_code,
        oversold.held_qty,
        movements.occurred_at as changed_at,
        -movements.quantity as excess_change_qty
    from oversold
    inner join movements
        on oversold.sku_code = movements.sku_code
),

moments as (
    select
        sku_code,
        changed_at,
        max(held_qty) as held_qty,
        sum(excess_change_qty) as excess_change_qty
    from changes
    group by sku_code, changed_at
),

running as (
    select
        sku_code,
        changed_at,
        held_qty + sum(excess_change_qty) over (
            partition by sku_code
            order by changed_at asc nulls last
            rows between unbounded preceding and current row
        ) > 0 as is_over
    from moments
),

last_sound as (
    select
        sku_code,
        max(changed_at) as sound_at
    from running
    where not is_over
    group by sku_code
),

began as (
    select
        running.sku_code,
        min(running.changed_at) as started_at
    from running
    left join last_sound
        on running.sku_code = last_sound.sku_code
    where last_sound.sound_at is null or running.changed_at > last_sound.sound_at
    group by running.sku_code
),

final as (
    select
        oversold.sku_code,
        oversold.sku_listed_qty,
        oversold.sku_sellable_qty,
        cast(oversold.sku_listed_qty - oversold.sku_sellable_qty as decimal(18, 3)) as excess_qty,
        began.started_at
    from oversold
    left join began
        on oversold.sku_code = began.sku_code
)

select * from final
