-- Grain: one row per (kpi, period, period_start, dimension, member) with something to count. Every KPI but the
-- index itself, by its own slices (seed kpis). Values do not add up: use numerator and denominator, and those
-- not over the members of a slice of cross_channel_merge_rate, whose groups stand under each of theirs.
with rolled as (
    select * from {{ ref('int_kpis__rolled') }}
),

kpis as (
    select * from {{ ref('kpis') }}
),

weights as (
    select * from {{ ref('index_weights') }}
),

matches as (
    select
        case kpi when 'label_precision' then 'match_precision' else 'match_recall' end as kpi,
        'total' as period,
        (select span.first_day from {{ ref('int_kpis__span') }} as span) as period_start,
        'all' as dimension,
        'all' as member,
        cast(numerator as decimal(18, 2)) as numerator,
        cast(denominator as decimal(18, 2)) as denominator,
        1 as complete_count,
        1 as input_count
    from {{ ref('int_identity__measured') }}
    where
        is_current
        and kpi in ('label_precision', 'label_recall')
        and numerator is not null
        and denominator is not null
),

counted as (
    select
        rolled.kpi,
        rolled.period,
        rolled.period_start,
        case
            when rolled.dimension = 'detail' then kpis.detail_dimension else rolled.dimension
        end as dimension,
        rolled.member,
        cast(
            case when kpis.unit = 'cny' then rolled.numerator / 100 else rolled.numerator end
            as decimal(18, 2)
        ) as numerator,
        case
            when rolled.kpi = 'override_rate' and rolled.dimension = 'detail'
                then
                    max(case when rolled.dimension = 'all' then rolled.denominator end)
                        over (partition by rolled.kpi, rolled.period, rolled.period_start)
            else rolled.denominator
        end as denominator,
        rolled.complete_count,
        rolled.input_count
    from rolled
    inner join kpis
        on rolled.kpi = kpis.kpi
    where
        rolled.dimension = 'all'
        or contains(kpis.dimensions, rolled.dimension)
        or (rolled.dimension = 'detail' and kpis.detail_dimension is not null)
    union all
    select * from matches
),

final as (
    select
        cast(counted.kpi as {{ dbt.type_string() }}) as kpi,
        cast(counted.period as {{ dbt.type_string() }}) as period,
        counted.period_start,
        cast(counted.dimension as {{ dbt.type_string() }}) as dimension,
        cast(counted.member as {{ dbt.type_string() }}) as member,
        counted.numerator,
        cast(counted.denominator as bigint) as denominator,
        case
            when kpis.kind = 'amount' and counted.denominator > 0
                then cast(counted.numerator as double)
            when kpis.kind = 'amount' then null
            when kpis.unit = 'points'
                then 100 * {{ ratio('counted.numerator', 'counted.denominator') }}
            else {{ ratio('counted.numerator', 'counted.denominator') }}
        end as value,
        kpis.unit,
        {{ ratio('counted.complete_count', 'counted.input_count') }} as coverage,
        cast(case
            when kpis.kind = 'amount' and counted.denominator > 0 then 'ok'
            else {{ population_status('counted.denominator') }}
        end as {{ dbt.type_string() }}) as status,
        cast(weights.target as double) as target
    from counted
    inner join kpis
        on counted.kpi = kpis.kpi
    left join weights
        on
            counted.kpi = weights.kpi
            and case
                when counted.period = 'day' then counted.period_start
                else cast({{ as_of() }} as date)
            end between weights.valid_from and weights.valid_to
)

select * from final
