-- Grain: one row per (period, period_start, dimension, member), `all` included: offers of a new promise by
-- the day of the offer. Counts and extra_cost_cny add up over days and over the members of one dimension.
-- numerator and denominator are those of sla_acceptance_rate; the promise kept is asked of accepted offers.
{% set dimensions = ['channel', 'option_code', 'compensation', 'load_band'] %}
with offers as (
    select * from {{ ref('int_sla_offers__followed') }}
),

rolled as (
    {{ rolled_up(
        'offers', [], single_slices(dimensions),
        [
            'is_counted', 'is_accepted', 'is_expired', 'extra_cost_cny', 'resource_load',
            'is_promise_kept',
        ],
        [
            'count(*) as offer_count',
            'count_if(is_counted) as denominator',
            'count_if(is_counted and is_accepted) as numerator',
            'count_if(is_expired) as expired_count',
            'sum(extra_cost_cny) as extra_cost_cny',
            'count(resource_load) as load_known_count',
            percentiles('resource_load', [0.5]) ~ ' as load_at',
            'count(case when is_promise_kept then 1 end) as kept_count',
            'count(is_promise_kept) as promise_due_count',
        ],
    ) }}
),

final as (
    select
        cast(period as {{ dbt.type_string() }}) as period,
        period_start,
        cast({{ slice_dimension(dimensions) }} as {{ dbt.type_string() }}) as dimension,
        cast({{ slice_member(dimensions) }} as {{ dbt.type_string() }}) as member,
        cast(offer_count as bigint) as offers,
        cast(numerator as bigint) as numerator,
        cast(denominator as bigint) as denominator,
        {{ ratio('numerator', 'denominator') }} as acceptance_rate,
        cast(expired_count as bigint) as expired_count,
        cast(extra_cost_cny as decimal(18, 2)) as extra_cost_cny,
        {{ nth('load_at', 1) }} as p50_resource_load,
        {{ ratio('load_known_count', 'offer_count') }} as load_coverage,
        cast(kept_count as bigint) as promise_kept_count,
        cast(promise_due_count as bigint) as promise_due_count,
        {{ ratio('kept_count', 'promise_due_count') }} as promise_kept_rate,
        {{ ratio('denominator', 'offer_count') }} as coverage,
        cast({{ population_status('denominator') }} as {{ dbt.type_string() }}) as status
    from rolled
)

select * from final
