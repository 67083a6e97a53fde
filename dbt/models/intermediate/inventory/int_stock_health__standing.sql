-- Grain: one row per (kpi, cause, warehouse_code, owner) at the cut-off; adds up over the last two. Newest counts open or explained, those
-- over their limit, each cause's part; keys below zero, pieces locked or defective; transfers too long on the road, where they left.
with variances as (
    select
        warehouse_code,
        sku_code,
        cause,
        cast({{ seconds_between('opened_at', as_of()) }} as double) / 3600 as age_hours
    from {{ ref('int_stock_counts__caused') }}
    where status in ('open', 'explained')
),

causes as (
    select distinct cause from variances
),

positions as (
    select
        warehouse_code,
        sku_code,
        book_on_hand_qty,
        greatest(book_on_hand_qty, 0) as on_hand_qty,
        least(locked_qty + defective_qty, greatest(book_on_hand_qty, 0)) as frozen_qty
    from {{ ref('int_stock_positions__listed') }}
),

transfers as (
    select
        evidence_part as warehouse_code,
        sku_code,
        cast({{ seconds_between('from_at', as_of()) }} as double) / 3600 as age_hours
    from {{ ref('int_stock_evidence__in_transit') }}
    where until_at is null
),

limits as (
    select
        max(case when kpi = 'open_variance_overdue_rate' then limit_hours end) as variance_hours,
        max(case when kpi = 'in_transit_overdue_rate' then limit_hours end) as transit_hours
    from {{ ref('inventory_targets') }}
    where cast({{ as_of() }} as date) between valid_from and valid_to
),

skus as (
    select * from {{ ref('int_skus__deduplicated') }}
),

warehouses as (
    select * from {{ ref('int_warehouses__deduplicated') }}
),

observed as (
    select
        'open_variance_overdue_rate' as kpi,
        'all' as cause,
        variances.warehouse_code,
        variances.sku_code,
        case when variances.age_hours > limits.variance_hours then 1 else 0 end as hit,
        1 as base
    from variances
    cross join limits
    union all
    select
        'variance_cause_rate' as kpi,
        causes.cause,
        variances.warehouse_code,
        variances.sku_code,
        case when variances.cause = causes.cause then 1 else 0 end as hit,
        1 as base
    from variances
    cross join causes
    union all
    select
        'negative_stock_rate' as kpi,
        'all' as cause,
        warehouse_code,
        sku_code,
        case when book_on_hand_qty < 0 then 1 else 0 end as hit,
        1 as base
    from positions
    union all
    select
        'frozen_stock_rate' as kpi,
        'all' as cause,
        warehouse_code,
        sku_code,
        frozen_qty as hit,
        on_hand_qty as base
    from positions
    union all
    select
        'in_transit_overdue_rate' as kpi,
        'all' as cause,
        transfers.warehouse_code,
        transfers.sku_code,
        case when transfers.age_hours > limits.transit_hours then 1 else 0 end as hit,
        1 as base
    from transfers
    cross join limits
)

select
    observed.kpi,
    observed.cause,
    observed.warehouse_code,
    coalesce(warehouses.owner, skus.owner, 'nobody') as owner,
    cast(sum(observed.hit) as decimal(38, 3)) as numerator,
    cast(sum(observed.base) as decimal(38, 3)) as denominator,
    count(skus.sku_code) as complete_count,
    count(*) as input_count
from observed
left join skus
    on observed.sku_code = skus.sku_code
left join warehouses
    on observed.warehouse_code = warehouses.warehouse_code
group by
    observed.kpi,
    observed.cause,
    observed.warehouse_code,
    coalesce(warehouses.owner, skus.owner, 'nobody')
