-- Grain: one row per evidence and key that has a variance. Evidence that does not know its warehouse is
-- tried at each that has one of its SKU, alone only (is_placed false): its sums would mean nothing.
with evidence as (
    select * from {{ ref('int_stock_evidence__unioned') }}
),

variances as (
    select
        warehouse_code,
        sku_code
    from {{ ref('int_stock_counts__assessed') }}
    where
        is_newest
        and not is_within_tolerance
    group by warehouse_code, sku_code
),

final as (
    select
        evidence.cause_rank,
        evidence.cause,
        variances.warehouse_code,
        variances.sku_code,
        evidence.effect_qty,
        evidence.from_at,
        evidence.until_at,
        evidence.evidence_type,
        evidence.evidence_id,
        evidence.evidence_part,
        true as is_placed
    from evidence
    inner join variances
        on
            evidence.sku_code = variances.sku_code
            and evidence.warehouse_code = variances.warehouse_code
    union all
    select
        evidence.cause_rank,
        evidence.cause,
        variances.warehouse_code,
        variances.sku_code,
        evidence.effect_qty,
        evidence.from_at,
        evidence.until_at,
        evidence.evidence_type,
        evidence.evidence_id,
        evidence.evidence_part,
        false as is_placed
    from evidence
    inner join variances
        on evidence.sku_code = variances.sku_code
    where evidence.warehouse_code is null
)

select * from final
