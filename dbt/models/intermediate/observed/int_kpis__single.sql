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

records as (
    select
        source,
        channel,
        source_record_id,
        min(customer_id) as customer_id,
        min(occurred_at) as occurred_at
    from {{ ref('int_customers__records') }}
    where role = 'owner'
    group by
        source,
        channel,
        source_record_id
),

sizes as (
    select
        customer_id,
        count(*) as record_count
    from records
    group by customer_id
),

shared as (
    select
        'unification_rate' as kpi,
        records.channel,
        cast(coalesce(records.occurred_at, {{ as_of() }}) as date) as observed_on,
        count_if(sizes.record_count > 1) as numerator,
        count(*) as denominator,
        count(records.occurred_at) as complete_count,
        count(*) as input_count
    from records
    inner join sizes
        on records.customer_id = sizes.customer_id
    group by
        records.channel,
        cast(coalesce(records.occurred_at, {{ as_of() }}) as date)
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
