-- Grain: one row per (kpi, observed_on, channel, published_run_id, reason_code): how earlier runs
-- restated what had been published. A former version told of the parts of the index for all channels together.
with final as (
    select
        kpi,
        coalesce(unit, case kpi when 'experience_index' then 'points' else 'rate' end) as unit,
        observed_on,
        coalesce(channel, 'all') as channel,
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
