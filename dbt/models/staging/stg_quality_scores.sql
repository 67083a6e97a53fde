-- Grain: one row per (measured_at, slice, member): the scores of the runs that were published before.
with final as (
    select
        measured_at,
        slice,
        member,
        score,
        rule_count,
        checked_count,
        failing_count
    from {{ source('lake', 'quality_scores') }}
)

select * from final
