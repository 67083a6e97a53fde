-- Grain: one row per offer_id: how loaded its resource was (its newest report in the hour of the offer or up
-- to a day before), and whether the promise that was accepted was then kept. Additive: extra_cost_cny.
{% set looks_back_hours = 24 %}
with offers as (
    select * from {{ ref('int_sla_offers__judged') }}
),

days as (
    select 0 as days_before
    union all
    select 1 as days_before
),

statuses as (
    select
        resource_code,
        observed_at,
        load,
        cast(observed_at as date) as observed_on
    from {{ ref('int_resource_status__deduplicated') }}
),

asked as (
    select
        offers.offer_id,
        offers.resource_code,
        offers.offered_at,
        cast({{ add_hours('offers.offered_at', '-24 * days.days_before') }} as date) as observed_on
    from offers
    cross join days
    where offers.resource_code is not null
),

loaded as (
    select
        asked.offer_id,
        max_by(statuses.load, statuses.observed_at) as resource_load
    from asked
    inner join statuses
        on
            asked.resource_code = statuses.resource_code
            and asked.observed_on = statuses.observed_on
            and asked.offered_at >= statuses.observed_at
            and asked.offered_at <= {{ add_hours('statuses.observed_at', looks_back_hours) }}
    group by asked.offer_id
),

bands as (
    select * from {{ ref('load_bands') }}
),

times as (
    select * from {{ ref('int_orders__timed') }}
),

final as (
    select
        offers.offer_id,
        offers.channel,
        offers.channel_order_id,
        cast(offers.offered_at as date) as observed_on,
        offers.option_code,
        offers.compensation,
        bands.load_band,
        loaded.resource_load,
        offers.is_counted,
        offers.is_accepted,
        offers.is_counted and offers.response is null as is_expired,
        case when offers.is_accepted then coalesce(offers.extra_cost_cny, 0) else 0 end
            as extra_cost_cny,
        case
            when
                offers.is_accepted
                and offers.promised_at <= {{ as_of() }}
                and coalesce(times.ended_at >= offers.promised_at, times.channel is not null)
                then coalesce(times.signed_at <= offers.promised_at, false)
        end as is_promise_kept
    from offers
    left join loaded
        on offers.offer_id = loaded.offer_id
    left join bands
        on
            loaded.resource_load >= bands.from_load
            and loaded.resource_load < bands.below_load
            and cast(offers.offered_at as date) between bands.valid_from and bands.valid_to
    left join times
        on
            offers.channel = times.channel
            and offers.channel_order_id = times.channel_order_id
)

select * from final
