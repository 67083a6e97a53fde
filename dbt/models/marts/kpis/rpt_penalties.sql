-- Grain: one row per (period, period_start, dimension, member, penalty_code, basis), `all` included. `by_rule`
-- is what missed ship promises cost by the channel's rule, by the day of the promise; `as_charged` what the
-- ledger took, by its own day. Amounts add up over days, over codes but for `all`, and over the members of
-- one dimension; the two bases tell of the same failures and are not to be added.
{% set dimensions = ['channel', 'warehouse', 'province', 'customer_tier'] %}
{% set slices = single_slices(dimensions) %}
{% set coded = [] %}
{% for slice in slices %}{% do coded.append(slice + ['penalty_code']) %}{% endfor %}
with penalties as (
    select
        unioned.basis,
        unioned.penalty_code,
        unioned.channel,
        cast(unioned.charged_at as date) as observed_on,
        unioned.penalty_cny,
        sliced.warehouse,
        sliced.province,
        sliced.customer_tier
    from {{ ref('int_penalties__unioned') }} as unioned
    left join {{ ref('int_orders__sliced') }} as sliced
        on
            unioned.channel = sliced.channel
            and unioned.channel_order_id = sliced.channel_order_id
),

rolled as (
    {{ rolled_up(
        'penalties', ['basis'], slices + coded, ['penalty_cny'],
        [
            'count(*) as failure_count',
            'count(penalty_cny) as denominator',
            'sum(penalty_cny) as penalty_cny',
        ],
    ) }}
),

final as (
    select
        cast(period as {{ dbt.type_string() }}) as period,
        period_start,
        cast({{ slice_dimension(dimensions) }} as {{ dbt.type_string() }}) as dimension,
        cast({{ slice_member(dimensions) }} as {{ dbt.type_string() }}) as member,
        cast(coalesce(penalty_code, 'all') as {{ dbt.type_string() }}) as penalty_code,
        cast(basis as {{ dbt.type_string() }}) as basis,
        cast(failure_count as bigint) as failures,
        cast(denominator as bigint) as denominator,
        cast(penalty_cny as decimal(18, 2)) as penalty_cny,
        {{ ratio('denominator', 'failure_count') }} as coverage,
        cast(case when denominator = 0 then 'missing' else 'ok' end as {{ dbt.type_string() }})
            as status
    from rolled
)

select * from final
