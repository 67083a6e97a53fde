-- Grain: one row per accepted batch_id: its place in the order in which exports win over each other:
-- the later exported_at, of equal ones the file that arrived later.
with batches as (
    select
        batch_id,
        exported_at,
        arrival_seq
    from {{ ref('stg_batches') }}
    where state = 'accepted'
),

final as (
    select
        batch_id,
        row_number() over (
            order by
                exported_at asc nulls last,
                arrival_seq asc nulls last,
                batch_id asc nulls last
        ) as batch_rank
    from batches
)

select * from final
