-- Grain: one row per observation of how late something was known: a pushed event (event_id), a change of
-- listed stock (channel, shop, SKU, changed_at), a rider's position (resource_code, observed_at).
-- `seconds` is null where the later time is missing, or had not come at the cut-off.
with events as (
    select
        'order_event' as lag_kind,
        channel,
        event_code,
        occurred_at as began_at,
        {{ known_at_cut_off('received_at') }} as known_at
    from {{ ref('int_order_events__deduplicated') }}
),

listings as (
    select
        'stock_listing' as lag_kind,
        channel,
        'stock_synced' as event_code,
        changed_at as began_at,
        {{ known_at_cut_off('synced_at') }} as known_at
    from {{ ref('int_channel_listings__deduplicated') }}
    where changed_at <= {{ as_of() }}
),

riders as (
    select distinct resource_code from {{ ref('int_resources__deduplicated') }}
    where resource_type = 'rider'
),

positions as (
    select
        'rider_position' as lag_kind,
        cast(null as {{ dbt.type_string() }}) as channel,
        'position_reported' as event_code,
        statuses.observed_at as began_at,
        {{ known_at_cut_off('statuses.received_at') }} as known_at
    from {{ ref('int_resource_status__deduplicated') }} as statuses
    inner join riders
        on statuses.resource_code = riders.resource_code
),

final as (
    select * from events
    union all
    select * from listings
    union all
    select * from positions
)

select
    lag_kind,
    channel,
    event_code,
    cast(began_at as date) as observed_on,
    cast({{ seconds_between('began_at', 'known_at') }} as double) as seconds
from final
