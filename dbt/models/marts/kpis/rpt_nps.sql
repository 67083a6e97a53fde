-- Grain: one row per (period, period_start, dimension, member, promise), `all` included: answers to surveys by
-- their day, by whether the order's promise was kept, broken or not due. Counts add up over days, over the
-- members of one dimension, and over promise but for `all`; scores and bands do not. The band is where the score
-- of all who might have answered lies with 95 % (adjusted Wald: 3 answers are added, three quarters of one on
-- either side; B. Rocks, The American Statistician 70, 2016); it tells nothing of who does not answer.
{% set dimensions = ['channel', 'warehouse', 'province', 'customer_tier'] %}
{% set slices = single_slices(dimensions) %}
{% set told = [] %}
{% for slice in slices %}{% do told.append(slice + ['promise']) %}{% endfor %}
{% set z = 1.959964 %}
with answers as (
    select
        detailed.observed_on,
        detailed.channel,
        detailed.detail as promise,
        detailed.numerator as vote,
        sliced.warehouse,
        sliced.province,
        sliced.customer_tier
    from {{ ref('int_kpis__detailed') }} as detailed
    left join {{ ref('int_orders__sliced') }} as sliced
        on
            detailed.channel = sliced.channel
            and detailed.channel_order_id = sliced.channel_order_id
    where detailed.kpi = 'nps'
),

rolled as (
    {{ rolled_up(
        'answers', [], slices + told, ['vote'],
        [
            'count(*) as answer_count',
            'count_if(vote > 0) as promoter_count',
            'count_if(vote < 0) as detractor_count',
        ],
    ) }}
),

adjusted as (
    select
        *,
        cast(promoter_count - detractor_count as double) / (answer_count + 3) as centre,
        (promoter_count + detractor_count + 1.5e0) / (answer_count + 3) as spread
    from rolled
),

banded as (
    select
        *,
        {{ z }} * sqrt((spread - centre * centre) / (answer_count + 3)) as half_band
    from adjusted
),

final as (
    select
        cast(period as {{ dbt.type_string() }}) as period,
        period_start,
        cast({{ slice_dimension(dimensions) }} as {{ dbt.type_string() }}) as dimension,
        cast({{ slice_member(dimensions) }} as {{ dbt.type_string() }}) as member,
        cast(coalesce(promise, 'all') as {{ dbt.type_string() }}) as promise,
        cast(answer_count as bigint) as answers,
        cast(promoter_count as bigint) as promoters,
        cast(answer_count - promoter_count - detractor_count as bigint) as passives,
        cast(detractor_count as bigint) as detractors,
        cast(promoter_count - detractor_count as bigint) as numerator,
        cast(answer_count as bigint) as denominator,
        100 * {{ ratio('promoter_count - detractor_count', 'answer_count') }} as nps,
        greatest(-100.0e0, 100 * (centre - half_band)) as nps_low,
        least(100.0e0, 100 * (centre + half_band)) as nps_high,
        cast({{ population_status('answer_count') }} as {{ dbt.type_string() }}) as status
    from banded
)

select * from final
