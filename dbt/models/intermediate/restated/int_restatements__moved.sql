-- Grain: one row per (kpi, observed_on, reason) of the parts of the index, of a day that had a figure when a run last
-- published and has one now: its rate after this reason and all before it, in the fixed order of the reasons.
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

was as (
    select
        kpi,
        observed_on,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        max(weight) as weight,
        max(run_id) as run_id,
        max(as_of) as as_of
    from {{ ref('stg_published_things') }}
    where
        observed_on
        >= (select min(things.observed_on) from {{ ref('int_published__things') }} as things)
    group by
        kpi,
        observed_on
),

now as (
    select
        kpi,
        observed_on,
        max(weight) as weight
    from {{ ref('int_published__things') }}
    group by
        kpi,
        observed_on
),

caused as (
    select
        kpi,
        observed_on,
        reason,
        count(*) as changed_count,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('int_restatements__caused') }}
    group by
        kpi,
        observed_on,
        reason
),

moved as (
    select
        was.kpi,
        was.observed_on,
        was.run_id,
        was.as_of,
        reasons.reason_no,
        reasons.reason,
        coalesce(caused.changed_count, 0) as changed_count,
        case when reasons.reason in ('rule_change', 'other') then now.weight else was.weight end
            as weight,
        was.weight as weight_before,
        cast(was.numerator as double) / was.denominator as rate_before,
        was.numerator + sum(coalesce(caused.numerator, 0)) over so_far as numerator,
        was.denominator + sum(coalesce(caused.denominator, 0)) over so_far as denominator
    from was
    inner join now
        on
            was.kpi = now.kpi
            and was.observed_on = now.observed_on
    cross join reasons
    left join caused
        on
            was.kpi = caused.kpi
            and was.observed_on = caused.observed_on
            and reasons.reason = caused.reason
    window so_far as (
        partition by was.kpi, was.observed_on
        order by reasons.reason_no asc nulls last
        rows between unbounded preceding and current row
    )
),

rated as (
    select
        *,
        case
            when denominator > 0 then cast(numerator as double) / denominator
            else rate_before
        end as rate
    from moved
)

select * from rated
