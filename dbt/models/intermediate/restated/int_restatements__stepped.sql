-- Grain: one row per (kpi, observed_on, channel, published_run_id, reason_code): the step from what was last
-- published to now, and the steps of earlier runs of days that are looked back on. Figures are points: a rate or
-- NPS in percent, the index, else minutes or CNY. They are rounded before they are taken from each other, so that
-- steps sum to the difference to the last digit.
{{ config(materialized='ephemeral') }}

with rated as (
    select
        *,
        case when unit in ('rate', 'points') then 100 else 1 end as factor
    from {{ ref('int_restatements__moved') }}
),

figures as (
    select
        kpi,
        unit,
        observed_on,
        channel,
        run_id,
        as_of,
        reason_no,
        reason,
        changed_count,
        cast(round(factor * rate_before, 9) as decimal(28, 9)) as first_points,
        cast(round(factor * rate, 9) as decimal(28, 9)) as points_after
    from rated
    union all
    select
        'experience_index' as kpi,
        'points' as unit,
        observed_on,
        channel,
        run_id,
        as_of,
        reason_no,
        reason,
        sum(changed_count) as changed_count,
        cast(round(100 * {{ exact_sum('weight_before * rate_before') }}, 9) as decimal(28, 9))
            as first_points,
        cast(round(100 * {{ exact_sum('weight * rate') }}, 9) as decimal(28, 9)) as points_after
    from rated
    where weight_before is not null
    group by
        observed_on,
        channel,
        run_id,
        as_of,
        reason_no,
        reason
    having count(*) = 5
),

steps as (
    select
        figures.kpi,
        figures.unit,
        figures.observed_on,
        figures.channel,
        figures.run_id as published_run_id,
        figures.as_of as published_as_of,
        {{ as_of() }} as restated_as_of,
        figures.reason as reason_code,
        cast(figures.changed_count as bigint) as changed_count,
        coalesce(lag(figures.points_after) over by_reason, figures.first_points) as points_before,
        figures.points_after
    from figures
    window by_reason as (
        partition by figures.kpi, figures.observed_on, figures.channel
        order by figures.reason_no asc nulls last
    )
),

final as (
    select
        *,
        cast(points_after - points_before as decimal(28, 9)) as points
    from steps
    where
        changed_count > 0
        or points_after <> points_before
    union all
    select
        kpi,
        unit,
        observed_on,
        channel,
        published_run_id,
        published_as_of,
        restated_as_of,
        reason_code,
        changed_count,
        points_before,
        points_after,
        points
    from {{ ref('stg_published_steps') }}
    where observed_on >= {{ restated_since() }}
)

select * from final
