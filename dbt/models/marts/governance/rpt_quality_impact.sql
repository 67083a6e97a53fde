-- Grain: one row per (scope, scope_id, kpi): what a finding, a rule or all findings cost a KPI of the whole time,
-- and all findings that of a day, recomputed with the orders touched set right (mended) or left out. Nothing adds
-- up: an order may be touched by several. points_lost: percentage points, or CNY; positive: the KPI is worse for it.
with touched as (
    select
        scope,
        scope_id,
        kpi,
        method,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(thing_count) as things
    from {{ ref('int_quality__recounted') }}
    group by
        scope,
        scope_id,
        kpi,
        method
    union all
    select
        'day' as scope,
        cast(observed_on as {{ dbt.type_string() }}) as scope_id,
        kpi,
        method,
        numerator,
        denominator,
        thing_count as things
    from {{ ref('int_quality__recounted') }}
    where scope = 'all'
),

better as (
    select distinct
        kpi,
        better
    from {{ ref('kpi_master_data') }}
),

kpis as (
    select
        kpi,
        unit,
        numerator,
        denominator,
        value,
        case when period = 'day' then cast(period_start as {{ dbt.type_string() }}) end as kpi_day
    from {{ ref('rpt_kpis') }}
    where
        period in ('total', 'day')
        and dimension = 'all'
),

recounted as (
    select
        touched.scope,
        touched.scope_id,
        touched.kpi,
        touched.method,
        kpis.unit,
        better.better,
        touched.things,
        kpis.numerator,
        kpis.denominator,
        kpis.value,
        kpis.numerator
        - touched.numerator / case when kpis.unit = 'cny' then 100.0 else 1.0 end
            as numerator_without,
        kpis.denominator
        - case when touched.method = 'left_out' then touched.denominator else 0 end
            as denominator_without
    from touched
    inner join kpis
        on
            touched.kpi = kpis.kpi
            and coalesce(kpis.kpi_day, 'all')
            = case when touched.scope = 'day' then touched.scope_id else 'all' end
    inner join better
        on touched.kpi = better.kpi
),

valued as (
    select
        *,
        case
            when unit = 'cny' then cast(numerator_without as double)
            else {{ ratio('numerator_without', 'denominator_without') }}
        end as value_without
    from recounted
),

final as (
    select
        cast(scope as {{ dbt.type_string() }}) as scope,
        scope_id,
        kpi,
        method,
        unit,
        cast(things as bigint) as things_touched,
        cast(numerator as decimal(18, 2)) as numerator,
        denominator,
        value,
        cast(numerator_without as decimal(18, 2)) as numerator_without,
        cast(denominator_without as bigint) as denominator_without,
        value_without,
        (value_without - value)
        * case when better = 'higher' then 1 else -1 end
        * case when unit = 'cny' then 1 else 100 end as points_lost
    from valued
)

select * from final
