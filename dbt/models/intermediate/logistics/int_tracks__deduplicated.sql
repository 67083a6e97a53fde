-- Grain: one row per (waybill_no, node_at, node, description) up to the cut-off: a node shown by several
-- exports or carriers once.
{{ config(materialized='view', tags=['lasting']) }}

with tracks as (
    select * from {{ ref('int_tracks__known') }}
),

final as (
    select *
    from tracks
    where node_at <= {{ as_of() }}
)

select * from final
