-- Grain: one row per SLA offer: offer_id, with what is known of its answer at the cut-off.
with offers as (
    select
        *,
        response is not null
        and (responded_at is null or responded_at <= {{ as_of() }}) as is_answered
    from {{ ref('int_sla_offers__deduplicated') }}
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
        case when is_answered then response end as response,
        case when is_answered then responded_at end as responded_at,
        is_answered or coalesce(expires_at <= {{ as_of() }}, false) as is_counted,
        is_answered and response = 'accepted' as is_accepted,
        is_answered and responded_at is null as is_answer_undated,
        source,
        batch_id
    from offers
)

select * from final
