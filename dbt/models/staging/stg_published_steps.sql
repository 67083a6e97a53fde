-- Grain: one row per (kpi, observed_on, published_run_id, reason_code): how earlier runs restated what had been published.
with final as (
    select
        kpi,
        observed_on,
        published_run_id,
        published_as_of,
        restated_as_of,
        reason_code,
        changed_count,
        points_before,
        points_after,
        points
    from {{ source('lake', 'published_steps') }}
)

select * from final
