-- Grain: one row per broken promise: (channel, channel_order_id): how long the customer then saw nothing, and
-- whether they asked to expedite while they waited. What a customer sees: shipping, a scan of the parcel, its
-- signing, a new promise that is offered, an answer to a request, the end of the order. Silence that lasts is
-- counted up to the cut-off. Additive: silent_minutes.
with broken as (
    select
        channel,
        channel_order_id,
        promise_due_at,
        least(promise_met_at, ended_at, {{ as_of() }}) as waited_until,
        first_shipped_at,
        shipped_at,
        signed_at,
        ended_at
    from {{ ref('int_orders__promised') }}
    where not is_on_time
),

scans as (
    select
        broken.channel,
        broken.channel_order_id,
        min(tracks.node_at) as happened_at
    from broken
    inner join {{ ref('int_orders__waybills') }} as waybills
        on
            broken.channel = waybills.channel
            and broken.channel_order_id = waybills.channel_order_id
    inner join {{ ref('int_tracks__deduplicated') }} as tracks
        on
            waybills.waybill_no = tracks.waybill_no
            and broken.promise_due_at < tracks.node_at
    where tracks.is_scan
    group by
        broken.channel,
        broken.channel_order_id
),

happened as (
    select
        *,
        true as is_seen
    from scans
    {% for step in ['first_shipped_at', 'shipped_at', 'signed_at', 'ended_at'] %}
        union all
        select
            channel,
            channel_order_id,
            {{ step }} as happened_at,
            true as is_seen
        from broken
    {% endfor %}
    union all
    select
        channel,
        channel_order_id,
        offered_at as happened_at,
        true as is_seen
    from {{ ref('int_sla_offers__judged') }}
    union all
    select
        channel,
        channel_order_id,
        decided_at as happened_at,
        true as is_seen
    from {{ ref('int_change_requests__judged') }}
    union all
    select
        channel,
        channel_order_id,
        requested_at as happened_at,
        false as is_seen
    from {{ ref('int_change_requests__judged') }}
    where
        request_type = 'expedite'
        and initiator = 'customer'
),

followed as (
    select
        broken.channel,
        broken.channel_order_id,
        broken.promise_due_at,
        min(case when happened.is_seen then happened.happened_at end) as next_seen_at,
        count(
            case
                when not happened.is_seen and happened.happened_at <= broken.waited_until then 1
            end
        ) as expedite_count
    from broken
    left join happened
        on
            broken.channel = happened.channel
            and broken.channel_order_id = happened.channel_order_id
            and broken.promise_due_at < happened.happened_at
            and happened.happened_at <= {{ as_of() }}
    group by
        broken.channel,
        broken.channel_order_id,
        broken.promise_due_at
),

final as (
    select
        *,
        cast(floor({{ seconds_between(
            'promise_due_at', 'coalesce(next_seen_at, ' ~ as_of() ~ ')'
        ) }} / 60) as bigint) as silent_minutes
    from followed
)

select * from final
