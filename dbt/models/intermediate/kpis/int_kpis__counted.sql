-- Grain: one row per (kpi, observed_on, channel, warehouse, province, customer_tier, detail): every KPI
-- counted once, at the finest grain. All counts add up. The groups of cross_channel_merge_rate are counted in
-- int_kpis__merge_scopes; here stands its coverage alone.
with weighed as (
    select * from {{ ref('int_kpis__weighed') }}
),

sliced as (
    select * from {{ ref('int_orders__sliced') }}
),

counted as (
    select
        weighed.kpi,
        weighed.observed_on,
        weighed.channel,
        sliced.warehouse,
        sliced.province,
        sliced.customer_tier,
        weighed.detail,
        sum(weighed.numerator) as numerator,
        sum(weighed.denominator) as denominator,
        sum(weighed.complete_count) as complete_count,
        count(*) as input_count
    from weighed
    left join sliced
        on
            weighed.channel = sliced.channel
            and weighed.channel_order_id = sliced.channel_order_id
    group by
        weighed.kpi,
        weighed.observed_on,
        weighed.channel,
        sliced.warehouse,
        sliced.province,
        sliced.customer_tier,
        weighed.detail
),

final as (
    select * from counted
    union all
    select
        kpi,
        observed_on,
        channel,
        cast(null as {{ dbt.type_string() }}) as warehouse,
        cast(null as {{ dbt.type_string() }}) as province,
        cast(null as {{ dbt.type_string() }}) as customer_tier,
        cast(null as {{ dbt.type_string() }}) as detail,
        numerator,
        denominator,
        complete_count,
        input_count
    from {{ ref('int_kpis__single') }}
)

select
    kpi,
    observed_on,
    channel,
    warehouse,
    province,
    customer_tier,
    detail,
    cast(numerator as bigint) as numerator,
    cast(denominator as bigint) as denominator,
    cast(complete_count as bigint) as complete_count,
    cast(input_count as bigint) as input_count
from final
