-- Grain: one row per (offer_id) of the feed `sla_offers`, its newest state; later than the cut-off
-- is left out.
with newest as (
    {{ newest_by_column(
        ref('stg_sla_offers'),
        ['offer_id'],
        [
            'channel', 'channel_order_id', 'option_code', 'service_level', 'promised_at',
            'extra_cost_cny', 'compensation', 'resource_code', 'offered_at', 'expires_at',
            'response', 'responded_at',
        ],
    ) }}
)

select * from newest
where offered_at <= {{ as_of() }}
