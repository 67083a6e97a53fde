-- Grain: one row per (kpi, observed_on, channel, reason) of a figure that stood when a run last published, stands
-- now, and is another, or is a part of an index: the figure after this reason and all before it, in the fixed
-- order of the reasons. An amount is in CNY, all else a ratio.
{{ config(materialized='ephemeral') }}

{% set reasons = [
    'time_passed', 'late_exports', 'corrected_master_data', 'merged_customers', 'rule_change', 'other',
] %}
with reasons as (
    {% for reason in reasons %}
        select
            {{ loop.index }} as reason_no,
            '{{ reason }}' as reason
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

things as (
    select * from {{ ref('stg_published_things') }}
    where observed_on >= {{ restated_since() }}
),

{% set weight = 'max(weight) as weight' %}
{% set changed_count = 'count(*) as changed_count' %}
was as (
    {{ summed_by_channel('things', [], [weight, 'max(run_id) as run_id', 'max(as_of) as as_of']) }}
),

now as (
    {{ summed_by_channel(ref('int_published__things'), [], [weight]) }}
),

caused as (
    {{ summed_by_channel(ref('int_restatements__caused'), ['reason'], [changed_count]) }}
),

restated as (
    select distinct
        kpi,
        observed_on,
        channel
    from caused
),

standing as (
    select
        was.*,
        now.weight as weight_now
    from was
    inner join now
        on
            was.kpi = now.kpi
            and was.observed_on = now.observed_on
            and was.channel = now.channel
    left join restated
        on
            was.kpi = restated.kpi
            and was.observed_on = restated.observed_on
            and was.channel = restated.channel
    where
        restated.kpi is not null
        or was.weight is not null
),

moved as (
    select
        standing.*,
        reasons.reason_no,
        reasons.reason,
        coalesce(caused.changed_count, 0) as changed_count,
        standing.numerator + sum(coalesce(caused.numerator, 0)) over so_far as numerator_then,
        standing.denominator + sum(coalesce(caused.denominator, 0)) over so_far as denominator_then
    from standing
    cross join reasons
    left join caused
        on
            standing.kpi = caused.kpi
            and standing.observed_on = caused.observed_on
            and standing.channel = caused.channel
            and reasons.reason = caused.reason
    window so_far as (
        partition by standing.kpi, standing.observed_on, standing.channel
        order by reasons.reason_no asc nulls last
        rows between unbounded preceding and current row
    )
),

final as (
    select
        moved.kpi,
        kpis.unit,
        moved.observed_on,
        moved.channel,
        moved.run_id,
        moved.as_of,
        moved.reason_no,
        moved.reason,
        moved.changed_count,
        case
            when moved.reason in ('rule_change', 'other') then moved.weight_now
            else moved.weight
        end as weight,
        moved.weight as weight_before,
        case
            when kpis.kind = 'amount' then cast(moved.numerator as double) / 100
            else cast(moved.numerator as double) / moved.denominator
        end as rate_before,
        case
            when kpis.kind = 'amount' then cast(moved.numerator_then as double) / 100
            when moved.denominator_then > 0
                then cast(moved.numerator_then as double) / moved.denominator_then
            else cast(moved.numerator as double) / moved.denominator
        end as rate
    from moved
    inner join {{ ref('kpis') }} as kpis
        on moved.kpi = kpis.kpi
)

select * from final
