-- Grain: one row per (waybill_no, node_at, node, description): a node shown by several exports or
-- carriers once.
with tracks as (
    select
        upper(waybill_no) as waybill_no,
        node_at,
        coalesce(node, 'unknown') as node,
        description,
        min(carrier) as carrier,
        min(node_raw) as node_raw,
        min(location) as location,
        min(received_at) as received_at
    from {{ ref('stg_tracks') }}
    where node_at <= {{ as_of() }}
    group by
        upper(waybill_no),
        node_at,
        coalesce(node, 'unknown'),
        description
),

final as (
    select
        tracks.*,
        coalesce(nodes.is_scan, true) as is_scan,
        coalesce(nodes.is_terminal, false) as is_terminal,
        coalesce(nodes.is_signed, false) as is_signed
    from tracks
    left join {{ ref('track_nodes') }} as nodes
        on tracks.node = nodes.node
)

select * from final
