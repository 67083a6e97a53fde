-- Grain: one row per KPI, day and channel of what belongs to no order: how late events, stock and positions
-- were known, records with a shared customer, customers at risk. Additive.
with lag_limits as (
    select * from {{ ref('lag_limits') }}
),

lags as (
    select
        lag_limits.kpi,
        lags.channel,
        lags.observed_on,
        count(case when lags.seconds > lag_limits.limit_seconds then 1 end) as numerator,
        count(lags.seconds) as denominator,
        count(lags.seconds) as complete_count,
        count(*) as input_count
    from {{ ref('int_lags__observed') }} as lags
    inner join lag_limits
        on lags.lag_kind = lag_limits.lag_kind
    group by
        lag_limits.kpi,
        lags.channel,
        lags.observed_on
),

shared as (
    select
        'unification_rate' as kpi,
        channel,
        observed_on,
        count_if(record_count > 1) as numerator,
        count(*) as denominator,
        count_if(is_dated) as complete_count,
        count(*) as input_count
    from {{ ref('int_kpis__records') }}
    group by
        channel,
        observed_on
),

risks as (
    select
        'high_value_churn_risk_rate' as kpi,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast({{ as_of() }} as date) as observed_on,
        count(case when is_at_risk then 1 end) as numerator,
        count(*) as denominator,
        count(*) as complete_count,
        count(*) as input_count
    from {{ ref('int_kpis__churn') }}
),

final as (
    select * from lags
    union all
    select * from shared
    union all
    select * from risks
)

select * from final
