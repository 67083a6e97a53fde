-- Grain: one row per count and piece of evidence: (warehouse_code, sku_code, counted_at, count_type,
-- evidence_type, evidence_id, evidence_part). Additive within a count: effect_qty, effect_value_cny.
with evidence as (
    select * from {{ ref('int_variances__evidence') }}
),

skus as (
    select
        sku_code,
        cost_cny
    from {{ ref('int_skus__deduplicated') }}
),

final as (
    select
        evidence.warehouse_code,
        evidence.sku_code,
        evidence.counted_at,
        evidence.count_type,
        evidence.cause,
        evidence.evidence_type,
        evidence.evidence_id,
        evidence.evidence_part,
        evidence.effect_qty,
        cast(evidence.effect_qty * skus.cost_cny as decimal(18, 2)) as effect_value_cny,
        evidence.from_at,
        evidence.until_at,
        evidence.is_whole
    from evidence
    left join skus
        on evidence.sku_code = skus.sku_code
)

select * from final
