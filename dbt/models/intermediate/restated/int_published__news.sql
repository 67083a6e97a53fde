-- Grain: one row per thing_key of an order of which files speak that were not in when a run last published: taken
-- since, or exported after that run's cut-off. Empty where nothing was published.
{% set of_orders = [
    'stg_aftersales', 'stg_order_events', 'stg_change_requests', 'stg_sla_offers', 'stg_anomaly_cases',
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

final as (
    select distinct md5(concat_ws('/', channel, channel_order_id)) as thing_key
    from told
    where
        channel is not null
        and channel_order_id is not null
)

select * from final
