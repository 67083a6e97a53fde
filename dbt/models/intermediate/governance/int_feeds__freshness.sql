-- Grain: one row per feed of which a file was accepted: its newest export, and that of the source that has
-- been silent longest. A file without rows is news, too.
with batches as (
    select
        feed,
        source,
        exported_at
    from {{ ref('stg_batches') }}
    where state = 'accepted'
),

sources as (
    select
        feed,
        source,
        max(exported_at) as newest_exported_at
    from batches
    group by feed, source
),

ranked as (
    select
        *,
        row_number() over (
            partition by feed
            order by newest_exported_at asc nulls last, source asc nulls last
        ) as silence_no
    from sources
),

final as (
    select
        feed,
        max(newest_exported_at) as newest_exported_at,
        min(newest_exported_at) as oldest_source_exported_at,
        max(case when silence_no = 1 then source end) as oldest_source
    from ranked
    group by feed
)

select * from final
