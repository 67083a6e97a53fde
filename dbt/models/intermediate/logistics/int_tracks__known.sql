-- Grain: one row per (waybill_no, node_at, node, description): a node shown by several exports or
-- carriers once, those after the cut-off included. In an increment new exports are added to what is
-- known of their waybills.
{{ kept(['waybill_no'], by='int_waybills__touched') }}

with exported as (
    select
        carrier,
        waybill_no,
        node_at,
        node_raw,
        node,
        description,
        location,
        received_at
    from {{ ref('stg_tracks') }}
    where {{ is_news() }}
    {% if is_increment() %}
        union all
        select
            known.carrier,
            known.waybill_no,
            known.node_at,
            known.node_raw,
            known.node,
            known.description,
            known.location,
            known.received_at
        from {{ this }} as known
        inner join {{ standing('int_waybills__touched') }} as keys
            on known.waybill_no = keys.waybill_no
    {% endif %}
),

tracks as (
    select
        upper(waybill_no) as waybill_no,
        node_at,
        coalesce(node, 'unknown') as node,
        description,
        min(carrier) as carrier,
        min(node_raw) as node_raw,
        min(location) as location,
        min(received_at) as received_at
    from exported
    where node_at is not null
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
