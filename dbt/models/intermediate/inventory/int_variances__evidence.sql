-- Grain: one row per count and piece of evidence that explains it: (warehouse_code, sku_code, counted_at,
-- count_type, evidence_type, evidence_id, evidence_part). Of the cause that won, and nothing else: the one
-- piece that makes up for the variance, or where none does alone, all that do together. A physical count
-- that late movements have settled shows them.
with counts as (
    select
        *,
        coalesce(agreed_at, cast('0001-01-01' as timestamp)) as evidence_after
    from {{ ref('int_stock_counts__assessed') }}
),

explained as (
    select * from {{ ref('int_stock_counts__explained') }}
),

placed as (
    select * from {{ ref('int_stock_evidence__placed') }}
),

late as (
    select * from {{ ref('int_stock_evidence__late') }}
),

pieces as (
    select
        counts.warehouse_code,
        counts.sku_code,
        counts.counted_at,
        counts.count_type,
        placed.cause,
        placed.evidence_type,
        placed.evidence_id,
        placed.evidence_part,
        placed.effect_qty,
        placed.from_at,
        placed.until_at,
        placed.is_placed,
        placed.effect_qty = counts.variance_qty as is_whole,
        bool_or(placed.effect_qty = counts.variance_qty) over (
            partition by
                counts.warehouse_code, counts.sku_code, counts.counted_at, counts.count_type
        ) as is_matched_by_one
    from counts
    inner join explained
        on
            counts.warehouse_code = explained.warehouse_code
            and counts.sku_code = explained.sku_code
            and counts.counted_at = explained.counted_at
            and counts.count_type = explained.count_type
    inner join placed
        on
            counts.warehouse_code = placed.warehouse_code
            and counts.sku_code = placed.sku_code
            and explained.cause = placed.cause
            and counts.evidence_after < placed.from_at
            and counts.counted_at >= placed.from_at
            and (placed.until_at is null or counts.counted_at < placed.until_at)
),

final as (
    select
        warehouse_code,
        sku_code,
        counted_at,
        count_type,
        cause,
        evidence_type,
        evidence_id,
        evidence_part,
        effect_qty,
        from_at,
        until_at,
        is_whole
    from pieces
    where is_whole or (is_placed and not is_matched_by_one)
    union all
    select
        counts.warehouse_code,
        counts.sku_code,
        counts.counted_at,
        counts.count_type,
        'late_movement' as cause,
        'movement' as evidence_type,
        late.evidence_id,
        late.evidence_part,
        cast(late.effect_qty as decimal(18, 3)) as effect_qty,
        late.from_at,
        late.until_at,
        late.effect_qty = -counts.late_qty as is_whole
    from counts
    inner join late
        on
            counts.warehouse_code = late.warehouse_code
            and counts.sku_code = late.sku_code
            and counts.counted_at >= late.from_at
            and counts.counted_at < late.until_at
    where
        counts.is_newest
        and counts.count_type = 'physical'
        and counts.is_within_tolerance
        and abs(counts.late_qty) > counts.tolerance_qty
)

select * from final
