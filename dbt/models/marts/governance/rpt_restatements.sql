-- Grain: one row per (kpi, observed_on, published_run_id, reason_code): a figure as it stood when that run published, and
-- why the next run that published put another in its place, in points (a rate in percent, the index). Over the
-- reasons of a step points sum to its difference, over all rows of a day to that between the first figure that was
-- seen and the present one. A history of runs: it tells of what was published, not of the merchant.
with stepped as (
    select * from {{ ref('int_restatements__stepped') }}
),

final as (
    select
        cast(kpi as {{ dbt.type_string() }}) as kpi,
        observed_on,
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
