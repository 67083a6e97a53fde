-- Grain: one row per thing that may explain a variance, causes in the order in which they are tried.
-- effect_qty is what it does to counted minus booked while from_at <= counted_at < until_at (null: still).
-- evidence_type, evidence_id and evidence_part say what it is: a movement and its line key, an order and its
-- channel, the document of a transfer and the warehouse that it left.
{{ config(materialized='view', tags=['lasting']) }}

{% set causes = [
    ('late_movement', 'int_stock_evidence__late', 'movement'),
    ('duplicate_movement', 'int_stock_evidence__duplicated', 'movement'),
    ('missing_outbound', 'int_stock_evidence__unissued', 'order'),
    ('missing_return_receipt', 'int_stock_evidence__unreceived', 'order'),
    ('transfer_in_transit', 'int_stock_evidence__in_transit', 'transfer'),
    ('unit_of_measure', 'int_stock_evidence__packed', 'movement'),
] -%}
{% for cause, model, evidence_type in causes %}
    select
        {{ loop.index }} as cause_rank,
        '{{ cause }}' as cause,
        warehouse_code,
        sku_code,
        cast(effect_qty as decimal(18, 3)) as effect_qty,
        from_at,
        until_at,
        '{{ evidence_type }}' as evidence_type,
        evidence_id,
        evidence_part
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
{%- endfor %}
