-- Grain: one row per thing that may explain a variance, causes in the order in which they are tried.
-- effect_qty is what it does to counted minus booked while from_at <= counted_at < until_at (null: still).
{{ config(materialized='view') }}

{% set causes = [
    ('late_movement', 'int_stock_evidence__late'),
    ('duplicate_movement', 'int_stock_evidence__duplicated'),
    ('missing_outbound', 'int_stock_evidence__unissued'),
    ('missing_return_receipt', 'int_stock_evidence__unreceived'),
    ('transfer_in_transit', 'int_stock_evidence__in_transit'),
    ('unit_of_measure', 'int_stock_evidence__packed'),
] -%}
{% for cause, model in causes %}
    select
        {{ loop.index }} as cause_rank,
        '{{ cause }}' as cause,
        warehouse_code,
        sku_code,
        cast(effect_qty as decimal(18, 3)) as effect_qty,
        from_at,
        until_at
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
{%- endfor %}
