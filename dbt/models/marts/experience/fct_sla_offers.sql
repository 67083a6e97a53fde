-- Grain: one row per offer_id. Additive: extra_cost_cny.
with offers as (
    select * from {{ ref('int_sla_offers__judged') }}
),

followed as (
    select
        offer_id,
        load_band,
        is_promise_kept
    from {{ ref('int_sla_offers__followed') }}
),

final as (
    select
        offers.offer_id,
        offers.channel,
        offers.channel_order_id,
        offers.option_code,
        offers.service_level,
        offers.promised_at,
        offers.extra_cost_cny,
        offers.compensation,
        offers.resource_code,
        followed.load_band,
        offers.offered_at,
        offers.expires_at,
        offers.response,
        offers.responded_at,
        offers.is_counted,
        offers.is_accepted,
        followed.is_promise_kept
    from offers
    left join followed
        on offers.offer_id = followed.offer_id
)

select * from final
