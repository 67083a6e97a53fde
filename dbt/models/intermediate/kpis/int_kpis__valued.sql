-- Grain: one row per (period, period_start, channel, kpi): each part's rate with the weight and
-- target of its day. Under 30 in the population a rate is a small sample; an empty population is
-- missing, never zero.
with periods as (
    select * from {{ ref('int_kpis__periods') }}
),

weights as (
    select * from {{ ref('index_weights') }}
),

final as (
    select
        periods.period,
        periods.period_start,
        periods.period_end,
        periods.channel,
        periods.kpi,
        periods.numerator,
        periods.denominator,
        cast(weights.weight as double) as weight,
        cast(weights.target as double) as target,
        case
            when periods.denominator > 0
                then cast(periods.numerator as double) / cast(periods.denominator as double)
        end as value,
        case
            when periods.input_count > 0
                then cast(periods.complete_count as double) / cast(periods.input_count as double)
        end as coverage,
        case
            when periods.denominator = 0 then 'missing'
            when periods.denominator < 30 then 'small_sample'
            else 'ok'
        end as status
    from periods
    inner join weights
        on
            periods.kpi = weights.kpi
            and periods.period_end between weights.valid_from and weights.valid_to
)

select * from final
