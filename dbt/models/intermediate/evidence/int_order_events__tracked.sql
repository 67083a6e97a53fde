-- Grain: one row per node of a parcel that tells of an event: (channel, channel_order_id,
-- channel_line_id, event_code, occurred_at). Of an event that happens to a parcel once, its first node;
-- picked up is the first scan of any kind. The line is told where the lines of an order travel apart.
with waybills as (
    select * from {{ retold(ref('int_orders__waybills')) }}
),

parcel_counts as (
    select
        channel,
        channel_order_id,
        count(*) as parcel_count
    from waybills
    group by
        channel,
        channel_order_id
),

order_lines as (
    select
        order_lines.channel,
        order_lines.channel_order_id,
        order_lines.channel_line_id,
        upper(order_lines.waybill_no) as waybill_no
    from {{ retold(ref('int_orders__lines')) }} as order_lines
    inner join parcel_counts
        on
            order_lines.channel = parcel_counts.channel
            and order_lines.channel_order_id = parcel_counts.channel_order_id
    where
        parcel_counts.parcel_count > 1
        and order_lines.waybill_no is not null
),

-- In an increment the tracks of its parcels alone.
{% set parcels_told = 'where waybill_no in (select waybill_no from waybills)' if is_increment() %}
tracks as (
    select * from {{ ref('int_tracks__deduplicated') }}
    {{ parcels_told }}
),

tracked as (
    select * from {{ ref('int_waybills__tracked') }}
    {{ parcels_told }}
),

node_codes as (
    select * from {{ ref('node_events') }}
),

told as (
    select
        tracks.waybill_no,
        node_codes.event_code,
        tracks.node_at,
        tracks.received_at
    from tracks
    inner join node_codes
        on tracks.node = node_codes.node
    where node_codes.takes = 'each'
    union all
    select
        tracks.waybill_no,
        node_codes.event_code,
        min(tracks.node_at) as node_at,
        min(tracks.received_at) as received_at
    from tracks
    inner join node_codes
        on tracks.node = node_codes.node
    where node_codes.takes = 'first'
    group by
        tracks.waybill_no,
        node_codes.event_code
    union all
    select
        waybill_no,
        'logistics_picked_up' as event_code,
        first_scan_at as node_at,
        cast(null as timestamp) as received_at
    from tracked
),

final as (
    select distinct
        waybills.channel,
        waybills.channel_order_id,
        order_lines.channel_line_id,
        told.event_code,
        told.node_at as occurred_at,
        told.received_at
    from told
    inner join waybills
        on told.waybill_no = waybills.waybill_no
    left join order_lines
        on
            waybills.channel = order_lines.channel
            and waybills.channel_order_id = order_lines.channel_order_id
            and waybills.waybill_no = order_lines.waybill_no
    where told.node_at <= {{ as_of() }}
)

select * from final
