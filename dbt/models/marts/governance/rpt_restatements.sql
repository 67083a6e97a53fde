-- Grain: one row per (kpi, observed_on, channel, published_run_id, reason_code): a figure as it stood when that run
-- published, and why the next run that published put another in its place, in points (a rate or NPS in percent, the
-- index; minutes and CNY as they are). Over the reasons of a step points sum to its difference, over all rows of a
-- figure to that between the first that was seen and the present one; over channels they do not. A history of runs:
-- it tells of what was published, not of the merchant.
with stepped as (
    select * from {{ ref('int_restatements__stepped') }}
),

final as (
    select
        cast(kpi as {{ dbt.type_string() }}) as kpi,
        cast(unit as {{ dbt.type_string() }}) as unit,
        observed_on,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(published_run_id as {{ dbt.type_string() }}) as published_run_id,
        published_as_of,
        restated_as_of,
        cast(reason_code as {{ dbt.type_string() }}) as reason_code,
        changed_count,
        points_before,
        points_after,
        points
    from stepped
)

select * from final
