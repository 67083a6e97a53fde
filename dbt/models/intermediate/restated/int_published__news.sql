-- Grain: one row per thing_no of which files speak that were not in when a run last published: taken since, or
-- exported after that run's cut-off. Orders, records of touchpoints, and the days of a channel's lags; who_no is
-- the customer of the order or record. Empty where nothing was published.
{% set of_orders = [
    'stg_aftersales', 'stg_order_events', 'stg_change_requests', 'stg_sla_offers', 'stg_anomaly_cases',
    'stg_fund_entries', 'stg_surveys', 'stg_routing_decisions', 'stg_service_items',
] %}
{% set of_lags = [
    ('order_event', 'stg_order_events', 'channel', 'occurred_at'),
    ('stock_listing', 'stg_channel_listings', 'channel', 'changed_at'),
    ('rider_position', 'stg_resource_status', 'null', 'observed_at'),
] %}
{{ config(materialized='ephemeral') }}

with published as (
    select
        max(as_of) as as_of,
        max(arrival_seq) as arrival_seq
    from {{ ref('stg_published_things') }}
),

news as (
    select batches.batch_id
    from {{ ref('stg_batches') }} as batches
    inner join published
        on
            batches.arrival_seq > published.arrival_seq
            or batches.exported_at > published.as_of
    where batches.state = 'accepted'
),

told as (
    select
        channel,
        channel_order_id
    from {{ ref('int_orders__exported') }}
    where batch_id in (select news.batch_id from news)
    {% for relation in of_orders %}
        union all
        select
            channel,
            channel_order_id
        from {{ ref(relation) }}
        where batch_id in (select news.batch_id from news)
    {% endfor %}
    union all
    select
        waybills.channel,
        waybills.channel_order_id
    from {{ ref('stg_tracks') }} as tracks
    inner join {{ ref('int_orders__waybills') }} as waybills
        on upper(tracks.waybill_no) = waybills.waybill_no
    where tracks.batch_id in (select news.batch_id from news)
),

orders as (
    select distinct
        channel,
        channel_order_id
    from told
    where channel is not null
),

records as (
    select distinct
        source,
        source_record_id
    from {{ ref('stg_customer_records') }}
    where batch_id in (select news.batch_id from news)
),

final as (
    select
        {{ digest(['orders.channel', 'orders.channel_order_id']) }} as thing_no,
        {{ digest(['customers.customer_id']) }} as who_no
    from orders
    left join {{ ref('int_orders__customers') }} as customers
        on
            orders.channel = customers.channel
            and orders.channel_order_id = customers.channel_order_id
    union
    select
        {{ luyue.hex_number('md5(split_lines.root_id)') }} as thing_no,
        cast(null as bigint) as who_no
    from {{ ref('int_splits__lines') }} as split_lines
    inner join orders
        on
            split_lines.channel = orders.channel
            and split_lines.channel_order_id = orders.channel_order_id
    where not split_lines.is_own
    union
    select
        {{ digest(['members.record_of', 'members.source_record_id']) }} as thing_no,
        {{ digest(['members.customer_id']) }} as who_no
    from {{ ref('int_kpis__records') }} as members
    inner join records
        on
            members.record_of = records.source
            and members.source_record_id = records.source_record_id
    {% for lag_kind, relation, channel, began_at in of_lags %}
        union
        select
            {{ digest(["'" ~ lag_kind ~ "'", channel, 'cast(' ~ began_at ~ ' as date)']) }}
                as thing_no,
            cast(null as bigint) as who_no
        from {{ ref(relation) }}
        where batch_id in (select news.batch_id from news)
    {% endfor %}
)

select * from final
