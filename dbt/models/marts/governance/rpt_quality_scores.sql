-- Grain: one row per (measured_at, slice, member): how sound master data are, 0-100, at each cut-off that was
-- published; the newest is of this run. Not additive. Rows of before rest on the runs published before.
with measured as (
    select * from {{ ref('int_quality__scored') }}
),

final as (
    select
        measured_at,
        cast(slice as {{ dbt.type_string() }}) as slice,
        cast(member as {{ dbt.type_string() }}) as member,
        cast(score as double) as score,
        lag(score) over (partition by slice, member order by measured_at asc nulls last)
            as previous_score,
        cast(rule_count as bigint) as rule_count,
        cast(checked_count as bigint) as checked_count,
        cast(failing_count as bigint) as failing_count,
        measured_at = {{ as_of() }} as is_current
    from measured
)

select * from final
