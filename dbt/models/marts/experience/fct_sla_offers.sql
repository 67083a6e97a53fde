-- Grain: one row per offer_id. Additive: extra_cost_cny.
with offers as (
    select * from {{ ref('int_sla_offers__judged') }}
),

final as (
    select
        offer_id,
        channel,
        channel_order_id,
        option_code,
        service_level,
        promised_at,
        extra_cost_cny,
        compensation,
        resource_code,
        offered_at,
        expires_at,
        response,
        responded_at,
        is_counted,
        is_accepted
    from offers
)

select * from final
