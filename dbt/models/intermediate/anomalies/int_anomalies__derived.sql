-- Grain: one row per (channel, channel_order_id, event_code) that the warehouse itself notices,
-- with its condition's time as detected_at. None for an order that was over when the condition
-- began; its end also ends an open one.
with promised as (
    select * from {{ ref('int_orders__promised') }}
),

timed as (
    select * from {{ ref('int_orders__timed') }}
),

waybills as (
    select * from {{ ref('int_orders__waybills') }}
),

stalls as (
    select * from {{ ref('int_waybills__stalled') }}
),

rules as (
    select * from {{ ref('anomaly_rules') }}
),

ship_overdue as (
    select
        channel,
        channel_order_id,
        'ship_overdue' as event_code,
        ship_due_at as detected_at,
        shipped_at as ended_by_event_at,
        ended_at
    from promised
    where shipped_at is null or shipped_at > ship_due_at
),

pickup_conditions as (
    select
        promised.channel,
        promised.channel_order_id,
        'pickup_timeout' as event_code,
        {{ add_hours('promised.shipped_at', 'rules.after_hours') }} as detected_at,
        timed.picked_up_at as ended_by_event_at,
        promised.ended_at
    from promised
    inner join timed
        on
            promised.channel = timed.channel
            and promised.channel_order_id = timed.channel_order_id
    inner join rules
        on
            rules.event_code = 'pickup_timeout'
            and cast(promised.shipped_at as date) between rules.valid_from and rules.valid_to
    where timed.waybill_count > 0
),

pickup_timeout as (
    select * from pickup_conditions
    where ended_by_event_at is null or ended_by_event_at > detected_at
),

stalls_of_orders as (
    select
        promised.channel,
        promised.channel_order_id,
        'transit_stalled' as event_code,
        stalls.stalled_at as detected_at,
        stalls.next_scan_at as ended_by_event_at,
        promised.ended_at
    from promised
    inner join waybills
        on
            promised.channel = waybills.channel
            and promised.channel_order_id = waybills.channel_order_id
    inner join stalls
        on waybills.waybill_no = stalls.waybill_no
    where promised.ended_at is null or promised.ended_at > stalls.stalled_at
),

transit_stalled as (
    select * from stalls_of_orders
    qualify row_number() over (
        partition by channel, channel_order_id
        order by detected_at asc nulls last, ended_by_event_at desc nulls first
    ) = 1
),

noticed as (
    select * from ship_overdue
    union all
    select * from pickup_timeout
    union all
    select * from transit_stalled
),

final as (
    select
        channel,
        channel_order_id,
        event_code,
        detected_at,
        {{ known_at_cut_off('least(ended_by_event_at, ended_at)') }} as resolved_at
    from noticed
    where
        detected_at < {{ as_of() }}
        and (ended_at is null or ended_at > detected_at)
)

select * from final
